"""The cliff: the error of one recurrent unit over its two parameters, exactly, and gradient descent on it.

The RNN unit is that of Pascanu, Mikolov & Bengio: no input, x_t = w·σ(x_{t-1}) + b for 50 steps from x_0 = 0.5, and the
error E = (σ(x_50) - 0.7)². The LSTM unit has the same error of its cell state c_50, from c_0 = 0.5: its candidate reads its
own output, g_t = tanh(w·h_{t-1} + b), and its gates are σ of their biases. Everything is in float64.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.records import Agreement, ErrorSurface, GradientDescent
from seqviz.subjects.cliff import START, TARGET, TIME, WINDOWS, Unit, UnitDescent, UnitSurface
from seqviz.tracing.agreement import agreement_at_once

INPUT_GATE = OUTPUT_GATE = 0.5  # σ(0)


def rnn_unit(w: Tensor, b: Tensor) -> Tensor:
    """Return x_50 of the RNN unit for each pair of parameters.

    Source:
        Pascanu, Mikolov & Bengio (2013), section 2.3, https://arxiv.org/abs/1211.5063
    """
    state = torch.full_like(w, START)
    for _ in range(TIME):
        state = torch.addcmul(b, w, state.sigmoid())
    return state


def lstm_unit(w: Tensor, b: Tensor, forget_bias: float) -> Tensor:
    """Return c_50 of the LSTM unit for each pair of parameters."""
    cell, forget = torch.full_like(w, START), 1 / (1 + math.exp(-forget_bias))
    for _ in range(TIME):
        candidate = torch.addcmul(b, w, cell.tanh(), value=OUTPUT_GATE).tanh()
        cell = torch.add(forget * cell, candidate, alpha=INPUT_GATE)
    return cell


def unit_error(unit: Unit, w: Float[Tensor, "*points"], b: Float[Tensor, "*points"]) -> Float[Tensor, "*points"]:
    """Return E = (σ(state after 50 steps) - 0.7)² for each pair of parameters."""
    state = lstm_unit(w, b, unit.forget_bias) if unit.unit == "lstm" else rnn_unit(w, b)
    error: Tensor = (state.sigmoid() - TARGET) ** 2
    return error


def error_and_gradient(unit: Unit, places: Float[Tensor, "*points 2"]) -> tuple[Tensor, Tensor]:
    """Return the error at each place (w, b), and its gradient there, as autograd gives it; no place reaches another's error."""
    with torch.enable_grad():
        w, b = (one.detach().clone().requires_grad_() for one in places.unbind(-1))
        errors = unit_error(unit, w, b)
        slopes = torch.autograd.grad(errors.sum(), (w, b))
    return errors.detach(), torch.stack(slopes, dim=-1)


def error_surface(subject: UnitSurface) -> ErrorSurface:
    """Return the error and the gradient's norm on a grid over the unit's window, all points at once."""
    ends = WINDOWS[subject.unit]
    w, b = (torch.linspace(low, high, subject.points, dtype=torch.float64) for low, high in ends)
    rows, columns = torch.meshgrid(b, w, indexing="ij")
    errors, gradients = error_and_gradient(subject, torch.stack([columns, rows], dim=-1))
    return ErrorSurface(
        unit=subject.unit, w=w.numpy(), b=b.numpy(), errors=errors.numpy(),
        gradient_norms=torch.linalg.vector_norm(gradients, dim=-1).numpy(),
    )  # fmt: skip


def gradient_descent(subject: UnitDescent) -> GradientDescent:
    """Return both descents from the subject's start, side by side; a step that leaves the numbers is kept as NaN or infinity.

    Source:
        Pascanu, Mikolov & Bengio (2013), algorithm 1, https://arxiv.org/abs/1211.5063
    """
    start = torch.tensor([subject.w, subject.b], dtype=torch.float64)
    places, thresholds = start.expand(2, 2), torch.tensor([torch.inf, subject.threshold], dtype=torch.float64)
    seen: list[tuple[Tensor, ...]] = []
    for _ in range(subject.steps + 1):
        errors, gradients = error_and_gradient(subject, places)
        norms = torch.linalg.vector_norm(gradients, dim=-1)
        too_long = norms > thresholds
        seen.append((places, errors, gradients, too_long))
        factors = torch.where(too_long, thresholds / norms, 1.0)
        places = places - subject.rate * factors.unsqueeze(-1) * gradients
    every = [torch.stack(each, dim=1).numpy() for each in zip(*seen, strict=True)]
    return GradientDescent(
        unit=subject.unit, rate=subject.rate, threshold=subject.threshold, places=every[0], errors=every[1],
        gradients=every[2], clipped=every[3], agreement=start_agreement(subject),
    )  # fmt: skip


def start_agreement(subject: UnitDescent) -> Agreement:
    """Hold the gradient at the subject's start against finite differences."""
    start = torch.tensor([subject.w, subject.b], dtype=torch.float64)
    gradient = error_and_gradient(subject, start)[1]
    return agreement_at_once(gradient, lambda nudges: unit_error(subject, *(start + nudges).unbind(-1)))
