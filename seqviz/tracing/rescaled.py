"""Gradients carried back with an exponent of their own at every step, for those that no float can hold.

A gradient is ``values · 2^exponents``, in float64. An RNN that triples its gradient at each of 1,000 steps ends at 10^477:
beyond any float, but not beyond an exponent. Slower than :mod:`seqviz.tracing.adjoint`, so used only where that overflows.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from seqviz.tracing.adjoint import InputGradients, Step, recurrent_jacobians
from seqviz.tracing.forward import Forward, Pass
from seqviz.tracing.lengths import Lengths
from seqviz.tracing.losses import Local
from seqviz.tracing.network import Network, Weights

ZERO = -(2**40)  # the exponent of a row of zeros: below that of any gradient
FARTHEST = 4000  # powers of 2 apart, one of two float64 numbers is lost beside the other


@dataclass(frozen=True)
class Scaled:
    """Rows of numbers, each with an exponent of 2."""

    values: Tensor  # (..., unit), float64; the largest of each row in [1/2, 1)
    exponents: Tensor  # (...), int64

    @classmethod
    def of(cls, values: Tensor, exponents: Tensor | None = None) -> "Scaled":
        """Return ``values``, times 2 to the power of ``exponents``, with exponents that fit."""
        largest = values.abs().amax(-1)
        found = torch.frexp(torch.where(largest.isfinite(), largest, 1.0)).exponent.long()
        total = found if exponents is None else found + exponents
        return cls(_times_power(values, -found), torch.where(largest == 0, ZERO, total))

    def __add__(self, other: "Scaled") -> "Scaled":
        common = torch.maximum(self.exponents, other.exponents)
        own, added = (_times_power(one.values, one.exponents - common) for one in (self, other))
        return Scaled.of(own + added, common)

    def each(self, change: Callable[[Tensor], Tensor]) -> "Scaled":
        """Return both parts changed alike."""
        return Scaled(change(self.values), change(self.exponents))

    def units(self, chosen: slice) -> "Scaled":
        """Return some units of every row."""
        return Scaled(self.values[..., chosen], self.exponents)

    @property
    def plain(self) -> Tensor:
        """The numbers themselves, in float64; infinite where it cannot hold them."""
        return _times_power(self.values, self.exponents)

    @property
    def log10_norms(self) -> Tensor:
        """log10 of the norm of each row, -∞ of a row of zeros."""
        norms: Tensor = torch.linalg.vector_norm(self.values, dim=-1)
        return norms.log10() + self.exponents.double() * math.log10(2)


def _times_power(values: Tensor, exponents: Tensor) -> Tensor:
    near = exponents.clamp(-FARTHEST, FARTHEST).unsqueeze(-1)
    half = near // 2
    return torch.ldexp(torch.ldexp(values, half), near - half)  # in two: 2 to the power of all of it may be too large


@dataclass(frozen=True)
class Travelled:
    """The gradients of several losses in one layer and direction, in the order of the sequence."""

    hidden: Scaled  # (time, batch, loss, unit)
    cell: Scaled | None
    direct: Scaled  # what arrives from above alone
    initial: Scaled  # (batch, loss, unit): at the hidden state before the first step
    initial_cell: Scaled | None
    inputs: Scaled  # (time, batch, loss, input): this direction's part of the gradient at the layer's inputs


def carry_all_back(network: Network, forward: Forward, losses: Sequence[Local]) -> list[list[Travelled]]:
    """Return what becomes of ``losses`` on their way back, by layer and direction."""
    found: list[list[Travelled]] = []
    above = Scaled.of(_as_rows([one.output for one in losses], dim=2))
    for layer in reversed(range(network.layers)):
        rows = []
        for direction, one in enumerate(forward.passes[layer]):
            index, units = layer * network.directions + direction, network.units
            direct = Scaled.of(above.values[..., direction * units :][..., :units], above.exponents)
            hidden, cell = (_finals(losses, kind, index) for kind in ("hidden", "cell"))
            rows.append(_travelled(_in_float64(one), direct, hidden, cell))
        above = rows[0].inputs if len(rows) == 1 else rows[0].inputs + rows[1].inputs
        if layer and forward.dropped:
            above = Scaled.of(above.values * forward.dropped[layer - 1].cpu().double().unsqueeze(2), above.exponents)
        found.insert(0, rows)
    return found


def _as_rows(parts: Sequence[Tensor], dim: int) -> Tensor:
    return torch.stack([part.cpu().double() for part in parts], dim=dim)


def _finals(losses: Sequence[Local], kind: str, index: int) -> Tensor | None:
    """Return what the losses read of one layer's last states (batch, loss, unit)."""
    parts = [getattr(one, kind) for one in losses]
    known = next((part for part in parts if part is not None), None)
    return None if known is None else _as_rows([torch.zeros_like(known) if one is None else one for one in parts], 2)[index]


def _in_float64(one: Pass) -> Pass:
    own = one.lengths
    hidden, cell = one.initial
    return replace(
        one,
        weights=Weights({name: weight.cpu().double() for name, weight in one.weights.named.items()}),
        inputs=one.inputs.cpu().double(),
        hidden=one.hidden.cpu().double(),
        initial=(hidden.cpu().double(), None if cell is None else cell.cpu().double()),
        lengths=None if own is None else Lengths(own.each, own.steps, torch.device("cpu")),
    )


def _travelled(one: Pass, direct: Scaled, final: Tensor | None, final_cell: Tensor | None) -> Travelled:
    arriving = direct.each(one.in_time)
    if final is not None:
        at_end = torch.zeros_like(arriving.values)
        at_end[one.last] = final
        arriving += Scaled.of(at_end)
    rows, initial = _carried(one, arriving, final_cell)
    into, own, above = InputGradients(one), slice(-one.hidden.shape[-1], None), slice(-one.hidden.shape[-1])
    read = [into.at(Step(step, 0, row.values, _inner(one, row.values))) for step, row in enumerate(rows)]
    inputs = [Scaled.of(values, row.exponents) for values, row in zip(read, rows, strict=True)]
    states, below = (_stacked(each).each(one.in_time) for each in (rows, inputs))
    two = one.factors.into_cell is not None
    return Travelled(
        hidden=states.units(own),
        cell=states.units(above) if two else None,
        direct=arriving.each(one.in_time),
        initial=initial.units(own),
        initial_cell=initial.units(above) if two else None,
        inputs=below,
    )


def _inner(one: Pass, rows: Tensor) -> Tensor:
    """Return ∂L/∂c and ∂L/∂(o·tanh(c)) of ∂L/∂c and ∂L/∂h; the same where there is no projection between."""
    projection, units = one.weights.projection, one.hidden.shape[-1]
    return rows if projection is None else torch.cat([rows[..., :-units], rows[..., -units:] @ projection], dim=-1)


def _stacked(rows: Sequence[Scaled]) -> Scaled:
    return Scaled(torch.stack([row.values for row in rows]), torch.stack([row.exponents for row in rows]))


def _carried(one: Pass, arriving: Scaled, final_cell: Tensor | None) -> tuple[list[Scaled], Scaled]:
    """Return the gradients at the states of each step (batch, loss, state), and at the initial ones: c first, then h."""
    factors, (time, batch, losses, units) = one.factors, arriving.values.shape
    states, wide = (1, 0) if factors.into_cell is None else (2, factors.into_cell.shape[-1])
    jacobians, keep = recurrent_jacobians(one, states), factors.keep
    start = one.hidden.new_zeros(batch, losses, wide + units)
    if final_cell is not None:
        start[..., :wide] = final_cell
    row, rows = Scaled.of(start), []
    for step in reversed(range(time)):
        fresh = torch.zeros_like(start)
        fresh[..., wide:] = arriving.values[step]
        row += Scaled(fresh, arriving.exponents[step])
        if factors.into_cell is not None:
            through = row.values.clone()
            through[..., :wide] += _inner(one, row.values)[..., wide:] * factors.into_cell[step].unsqueeze(1)
            row = Scaled.of(through, row.exponents)
        rows.append(row)
        before = torch.zeros_like(start)
        if jacobians is not None:
            before[..., wide:] = _inner(one, row.values) @ jacobians.at(step)
        if keep is not None:
            kept = slice(wide or units)
            before[..., kept] += row.values[..., kept] * keep[step].unsqueeze(1)
        row = Scaled.of(before, row.exponents)
    return rows[::-1], row
