"""Backpropagation through time by hand: chains of scalars, and a network of one unit. Needs no torch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seqviz.errors import TraceError
from seqviz.records import ScalarChain, ScalarUnroll
from seqviz.registry import look_up, shown


@dataclass(frozen=True)
class Activation:
    """A scalar activation, and its slope as a function of what it returned."""

    value: Callable[[float], float]
    slope: Callable[[float], float]


SCALAR_ACTIVATIONS: Mapping[str, Activation] = {
    "tanh": Activation(lambda a: float(np.tanh(a)), lambda h: 1 - h * h),
    "relu": Activation(lambda a: max(a, 0.0), lambda h: float(h > 0)),
    "sigmoid": Activation(lambda a: 1 / (1 + float(np.exp(-a))) if a > -700 else 0.0, lambda h: h * (1 - h)),
    "linear": Activation(lambda a: a, lambda h: 1.0),
}


def scalar_chain(factors: Sequence[float], start: float = 1.0) -> ScalarChain:
    """Return the chain x_t = w_t · x_{t-1} from x_0 = ``start``, and the derivative of its end by every value in it.

    Args:
        factors: w_1 … w_T.
        start: x_0.

    Raises:
        TraceError: there is no factor, or one is not finite.

    Example:
        >>> chain = scalar_chain([0.1] * 400)
        >>> float(chain.derivatives[0]), round(float(chain.log10_sizes[0]), 9)
        (0.0, -400.0)
    """
    weights = _numbers(factors, "factors")
    _numbers([start], "start")
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        sizes = np.log10(np.abs(weights))
        return ScalarChain(
            factors=weights,
            values=np.cumprod(np.concatenate([[start], weights])),
            derivatives=np.cumprod(np.concatenate([[1.0], weights[::-1]]))[::-1],
            log10_sizes=np.cumsum(np.concatenate([[0.0], sizes[::-1]]))[::-1],
        )


def scalar_unroll(
    inputs: Sequence[float],
    w: float,
    u: float = 1.0,
    b: float = 0.0,
    *,
    activation: str = "tanh",
    initial: float = 0.0,
    target: float = 0.0,
) -> ScalarUnroll:
    """Unroll a network of one unit, h_t = φ(w·h_{t-1} + u·x_t + b), with the loss L = ½(h_T - target)².

    Args:
        inputs: x_1 … x_T.
        w: the recurrent weight.
        u: the input weight.
        b: the bias.
        activation: φ: "tanh", "relu", "sigmoid" or "linear".
        initial: h_0.
        target: what h_T should be.

    Raises:
        TraceError: there is no input, or a number is not finite.
        UnknownNameError: there is no such activation.

    Example:
        >>> unrolled = scalar_unroll([1.0, 0.0], w=0.5, activation="linear")
        >>> unrolled.hidden.tolist(), unrolled.loss, unrolled.to_hidden.tolist()
        ([0.0, 1.0, 0.5], 0.125, [0.125, 0.25, 0.5])
    """
    phi = look_up(SCALAR_ACTIVATIONS, activation, "activation")
    values = _numbers(inputs, "inputs")
    _numbers([w, u, b, initial, target], "weights, initial state and target")
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        hidden, preactivations = _forward(values, (w, u, b), phi, initial)
        slopes = np.array([phi.slope(state) for state in hidden[1:]])
        to_hidden = np.empty(len(hidden))
        to_hidden[-1] = hidden[-1] - target
        for t in range(len(values), 0, -1):
            to_hidden[t - 1] = to_hidden[t] * slopes[t - 1] * w
        to_preactivation = to_hidden[1:] * slopes
        return ScalarUnroll(
            inputs=values, preactivations=preactivations, hidden=hidden, loss=float((hidden[-1] - target) ** 2) / 2,
            target=float(target), to_hidden=to_hidden, to_preactivation=to_preactivation, local_activation=slopes,
            local_recurrent=slopes * w, weight_terms=to_preactivation * hidden[:-1],
        )  # fmt: skip


def _forward(
    inputs: np.ndarray, weights: tuple[float, float, float], phi: Activation, initial: float
) -> tuple[np.ndarray, np.ndarray]:
    w, u, b = weights
    hidden, preactivations = [float(initial)], []
    for value in inputs:
        preactivations.append(float(w * hidden[-1] + u * value + b))
        hidden.append(phi.value(preactivations[-1]))
    return np.array(hidden), np.array(preactivations)


def _numbers(values: Sequence[float], name: str) -> np.ndarray:
    given = np.array(values, dtype=float)
    if given.ndim != 1 or not given.size or not np.isfinite(given).all():
        raise TraceError(f"{name} must be one or more finite numbers, got {shown(values)}")
    return given
