"""The Jacobians of a recurrence: one step's, their products, their bounds."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from seqviz.records import JacobianTrace
from seqviz.tracing.cells import Nested
from seqviz.tracing.forward import Pass, read_forward
from seqviz.tracing.network import State, Weights, in_float64, read_inputs, read_network, untouched
from seqviz.tracing.place import check_index, check_place
from seqviz.tracing.products import log_singular_values, pair_norms

LOG_10 = np.log(10.0)


def jacobians(
    rnn: nn.Module,
    inputs: Tensor | PackedSequence,
    layer: int = 0,
    direction: int = 0,
    sample: int = 0,
    state: State | None = None,
    *,
    last_only: bool = False,
) -> JacobianTrace:
    """Return the Jacobians of one sequence's recurrence in one layer and direction, their products and bounds.

    They are computed in float64 from the states that the module reaches in its own precision; products on a log scale, so
    that singular values far below the largest are no rounding noise.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``, or a recurrent module of seqviz; it is left as it is.
        inputs: in the module's own layout, padded or packed; unbatched input counts as a batch of 1.
        layer: 0 reads the input.
        direction: 1 is the backward direction of a bidirectional network.
        sample: which sequence of the batch.
        state: the initial state as the module takes it; zeros where None.
        last_only: only the norms ‖∂h_t/∂h_k‖₂ of the last processed t; the others, T²/2 singular value decompositions,
            are NaN.

    Raises:
        UnsupportedModelError: ``rnn`` is not supported.
        TraceError: ``inputs`` or ``state`` do not fit, are empty or not finite; no such layer, direction or sample.

    Source:
        Pascanu, Mikolov & Bengio (2013), section 2.1, https://arxiv.org/abs/1211.5063

    Example:
        >>> trace = jacobians(nn.LSTM(3, 5), torch.zeros(7, 2, 3))
        >>> trace.steps.shape, bool((trace.norms <= trace.product_bounds * (1 + 1e-9)).all())
        ((7, 10, 10), True)
    """
    with untouched():
        network = read_network(rnn)
        reading = read_inputs(network, inputs, state)
        check_place(network, layer, direction)
        check_index("sample", sample, reading.inputs.shape[1])
        one = read_forward(network, reading.alone(sample)).passes[layer][direction]
        steps = step_jacobians(one, 0).cpu().numpy()
        return _record(one, steps, last_only)


def step_jacobians(one: Pass, sample: int) -> Tensor:
    """Return ∂s_t/∂s_prev of every step in the order of processing: (time, state, state), float64."""
    factors, recurrent = one.factors, one.weights.recurrent
    gates = in_float64(factors.gates[:, sample])
    keep = None if factors.keep is None else in_float64(factors.keep[:, sample])
    if recurrent is None:
        return gates.new_zeros(len(gates), *gates.shape[2:]).diag_embed() if keep is None else keep.diag_embed()
    blocks = in_float64(recurrent).view(*gates.shape[1:], -1)
    if factors.into_cell is not None and keep is not None:
        return _two_state_steps(one.weights, gates, blocks, keep, in_float64(factors.into_cell[:, sample]))
    nested = factors.nested
    steps = torch.einsum("tgh,ghj->thj", gates, blocks) if nested is None else _nested_steps(gates, blocks, nested, sample)
    return steps if keep is None else steps + keep.diag_embed()


def _nested_steps(gates: Tensor, blocks: Tensor, nested: Nested, sample: int) -> Tensor:
    value, slope = (in_float64(each[:, sample]).unsqueeze(1) for each in (nested.value, nested.slope))
    through = gates[:, -1].unsqueeze(2) * blocks[-1]  # ∂h_t/∂(the product of gate and state)
    return torch.einsum("tgh,ghj->thj", gates[:, :-1], blocks[:-1]) + through * value + (through * slope) @ blocks[nested.gate]


def _two_state_steps(weights: Weights, gates: Tensor, blocks: Tensor, keep: Tensor, into_cell: Tensor) -> Tensor:
    cell_hidden = torch.einsum("tgh,ghj->thj", gates[:, :-1], blocks[:-1])  # ∂c_t/∂h_{t-1}
    hidden_hidden = into_cell.unsqueeze(2) * cell_hidden + gates[:, -1].unsqueeze(2) * blocks[-1]
    top = torch.cat([hidden_hidden, (into_cell * keep).diag_embed()], dim=2)
    top = top if weights.projection is None else in_float64(weights.projection) @ top
    return torch.cat([top, torch.cat([cell_hidden, keep.diag_embed()], dim=2)], dim=1)


def _record(one: Pass, steps: np.ndarray, last_only: bool) -> JacobianTrace:
    count, units = len(steps), one.hidden.shape[-1]
    asked = slice(count - 1, None) if last_only else slice(None)
    order = slice(None, None, -1) if one.backward else slice(None)
    with np.errstate(over="ignore", under="ignore", divide="ignore"):
        norms, log_norms = pair_norms(steps, units, asked)
        log_bounds, log_values, beta = _log_bounds(np.log(_spectral_norms(steps))), log_singular_values(steps), _beta(one)
        trace = JacobianTrace(
            steps=steps[order],
            norms=norms[order, order],
            product_bounds=np.exp(log_bounds)[order, order],
            beta_bounds=None if beta is None else np.tril(beta ** _distances(count))[order, order],  # 0 ** 0: a state itself
            singular_values=np.exp(log_values)[order],
        )
        products = (trace.norms, trace.product_bounds, trace.beta_bounds, trace.singular_values)
        if not any(np.isposinf(one).any() for one in products if one is not None):
            return trace
        return replace(
            trace,
            log10_norms=log_norms[order, order] / LOG_10,
            log10_product_bounds=log_bounds[order, order] / LOG_10,
            log10_beta_bounds=None if beta is None else _log_powers(beta, count)[order, order] / LOG_10,
            log10_singular_values=log_values[order] / LOG_10,
        )


def _beta(one: Pass) -> float | None:
    """Return ‖W‖₂·γ, or None of a gated cell."""
    if one.cell.slope is None:
        return None
    return float(np.linalg.norm(one.weights.named["weight_hh"].cpu().double().numpy(), 2)) * one.cell.slope


def _log_powers(beta: float, count: int) -> np.ndarray:
    """Return the log of ``beta`` to the power of t - k, -∞ where k is processed after t."""
    logs = np.where(_distances(count) == 0, 0.0, _distances(count) * np.log(beta))
    return np.where(np.tri(count, dtype=bool), logs, -np.inf)


def _spectral_norms(matrices: np.ndarray) -> np.ndarray:
    """Return each matrix's largest singular value, by way of AᵀA: accurate for the largest, and quicker than an SVD."""
    scale = np.abs(matrices).max(axis=(1, 2), keepdims=True)
    scaled = matrices / np.where(scale > 0, scale, 1.0)
    squares = np.linalg.eigvalsh(scaled.transpose(0, 2, 1) @ scaled)[:, -1]
    return np.asarray(np.sqrt(squares.clip(min=0.0)) * scale[:, 0, 0])


def _distances(count: int) -> np.ndarray:
    """Return t - k, 0 where k is processed after t."""
    distances: np.ndarray = np.maximum(np.arange(count)[:, None] - np.arange(count), 0)
    return distances


def _log_bounds(sizes: np.ndarray) -> np.ndarray:
    """Return the log of ∏‖step‖₂ over the steps k+1 … t, from the logs of the steps' norms."""
    count = len(sizes)
    bounds = np.full((count, count), -np.inf)
    for state in range(count):
        bounds[state:, state] = np.concatenate([[0.0], np.cumsum(sizes[state + 1 :])])
    return bounds
