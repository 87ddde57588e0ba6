"""Carry gradients back through time with a cell's own local factors, one matrix product a step.

Several losses travel back together, as one batch of rows: (batch, loss, unit).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from seqviz.tracing.cells import Factors, Nested
from seqviz.tracing.forward import Pass

# between these, what is lost to squares that under- or overflow is far below rounding
SAFE_NORMS = {torch.float32: (1e-18, 1e18), torch.float64: (1e-150, 1e150)}


@dataclass(frozen=True)
class Dense:
    """Gradients that may arrive from any loss at any step."""

    values: Tensor  # (time, batch, loss, unit)
    first: int | None = None  # the step of the first loss, if no loss reaches a step after its own

    @property
    def losses(self) -> int:
        """How many losses travel together."""
        return self.values.shape[2]

    @property
    def steps(self) -> int:
        """How many steps, from the first, any of these losses can be felt at."""
        return self.values.shape[0] if self.first is None else self.first + self.losses

    def reached(self, step: int) -> int:
        """Return the first loss that can be felt at ``step``; all after it can too."""
        return 0 if self.first is None else max(step - self.first, 0)

    def add(self, step: int, hidden: Tensor) -> None:
        """Add what arrives at ``step`` to ``hidden``, the rows from ``reached(step)`` on."""
        hidden.add_(self.values[step, :, self.reached(step) :])


@dataclass(frozen=True)
class Diagonal:
    """Gradients of losses that each read one step's output: loss i arrives at step i alone."""

    values: Tensor  # (time, batch, unit)
    first: int  # the losses of the steps in [first, last)
    last: int

    @property
    def losses(self) -> int:
        """How many losses travel together."""
        return self.last - self.first

    @property
    def steps(self) -> int:
        """How many steps, from the first, any of these losses can be felt at."""
        return self.last

    def reached(self, step: int) -> int:
        """Return the first loss that can be felt at ``step``; all after it can too."""
        return max(step - self.first, 0)

    def add(self, step: int, hidden: Tensor) -> None:
        """Add what arrives at ``step`` to ``hidden``, the rows from ``reached(step)`` on."""
        if step >= self.first:
            hidden[:, 0].add_(self.values[step])


Arrivals = Dense | Diagonal  # the gradients that reach a layer's hidden states from above, in the order of processing


class Step(NamedTuple):
    """The gradients at one step; a view of a buffer that the next step overwrites."""

    step: int
    reached: int  # the first loss of the rows below
    rows: Tensor  # (batch, loss, state): ∂L/∂h, in an LSTM ∂L/∂c and then ∂L/∂h
    inner: Tensor  # the same, but before an LSTM's projection: ∂L/∂c and ∂L/∂(o·tanh(c)); without one, the rows themselves


def carry_back(one: Pass, arrivals: Arrivals, final_cell: Tensor | None = None) -> Iterator[Step]:
    """Yield the total derivatives at every step, last processed first.

    A step's Jacobian is formed once for all losses: then a loss costs one product with it, not one for every gate.

    Args:
        one: the layer and direction.
        arrivals: what comes from above.
        final_cell: ∂L/∂c (batch, loss, unit) that a loss of an LSTM's final cell state gives; None for none.
    """
    factors, (losses, batch, units) = one.factors, (arrivals.losses, *one.hidden.shape[1:])
    states, wide = (1, 0) if factors.into_cell is None else (2, factors.into_cell.shape[-1])
    carried = one.hidden.new_zeros(batch, losses, wide + units)
    if final_cell is not None:
        carried[..., :wide] = final_cell
    hiddens, cells = carried[..., -units:], None if factors.into_cell is None else carried[..., :wide]
    into_cell, keep = _by_step(factors.into_cell), _by_step(factors.keep)
    jacobians, product = recurrent_jacobians(one, states), carried.new_zeros(batch * losses * units)
    for step in reversed(range(arrivals.steps)):
        reached = arrivals.reached(step)
        left = losses - reached
        rows, hidden = carried.narrow(1, reached, left), hiddens.narrow(1, reached, left)
        cell = None if cells is None else cells.narrow(1, reached, left)
        arrivals.add(step, hidden)
        seen = hidden if one.weights.projection is None else hidden @ one.weights.projection
        if cell is not None and into_cell is not None:
            cell.addcmul_(seen, into_cell[step])
        inner = rows if cell is None or one.weights.projection is None else torch.cat([cell, seen], dim=2)
        yield Step(step, reached, rows, inner)
        if step:
            through = product.narrow(0, 0, batch * left * units).view(batch, left, units)
            if jacobians is not None:
                torch.bmm(inner, jacobians.at(step), out=through)
            _to_previous(None if keep is None else keep[step], through, hidden, cell)


def _by_step(values: Tensor | None) -> tuple[Tensor, ...] | None:
    return None if values is None else values.unsqueeze(2).unbind(0)  # each (batch, 1, unit), for all losses alike


class Jacobians:
    """∂(c_t, h_t)/∂(what ``weight`` multiplies) of every step, past no gate: Σ diag(local)·block, formed when asked for."""

    def __init__(self, gates: Tensor, weight: Tensor, states: int) -> None:
        _, batch, count, units = gates.shape
        self._blocks = weight.view(count, units, -1).unbind(0)
        self._out = weight.new_empty(batch, states * units, weight.shape[1])
        through_cell = count - 1 if states == 2 else 0  # an LSTM's gates but the last act on c
        parts = [self._out[:, :units], self._out[:, -units:]]
        self._parts = [parts[0] if gate < through_cell else parts[1] for gate in range(count)]
        self._first = {0, through_cell}
        self._local = [local.unsqueeze(3).unbind(0) for local in gates.unbind(2)]

    def at(self, step: int) -> Tensor:
        """Return the Jacobian of ``step``, (batch, state, ...), in a buffer that the next call overwrites."""
        for gate, (local, block, part) in enumerate(zip(self._local, self._blocks, self._parts, strict=True)):
            if gate in self._first:
                torch.mul(local[step], block, out=part)
            else:
                part.addcmul_(local[step], block)
        return self._out


class NestedJacobians(Jacobians):
    """The same where a gate is nested: ``weight`` is the recurrent matrices, or what multiplies the input."""

    def __init__(self, factors: Factors, nested: Nested, recurrent: Tensor, weight: Tensor) -> None:
        self._nested, self._is_recurrent, gates = nested, weight is recurrent, factors.gates
        if self._is_recurrent:
            gates = gates.clone()
            gates[:, :, -1] = 0.0  # the last gate's matrix reads the state through the nested gate
        super().__init__(gates, weight, 1)
        self._last, self._through = factors.gates[:, :, -1].unsqueeze(3), recurrent.view(gates.shape[2], gates.shape[3], -1)[-1]

    def at(self, step: int) -> Tensor:
        """Return the Jacobian of ``step``, (batch, state, ...), in a buffer that the next call overwrites."""
        out = super().at(step)
        through = self._last[step] * self._through  # ∂h_t/∂(the product of gate and state)
        out += (through * self._nested.slope[step].unsqueeze(1)) @ self._blocks[self._nested.gate]
        if self._is_recurrent:
            out += through * self._nested.value[step].unsqueeze(1)
        return out


def recurrent_jacobians(one: Pass, states: int) -> Jacobians | None:
    """Return ∂(c_t, h_t)/∂h_{t-1} past no gate; None where no matrix reads the state."""
    factors, recurrent = one.factors, one.weights.recurrent
    if recurrent is None:
        return None
    if factors.nested is not None:
        return NestedJacobians(factors, factors.nested, recurrent, recurrent)
    return Jacobians(factors.gates, recurrent, states)


def _to_previous(keep: Tensor | None, through: Tensor, hidden: Tensor, cell: Tensor | None) -> None:
    if keep is None or cell is not None:
        hidden.copy_(through)
    else:
        hidden.mul_(keep).add_(through)
    if keep is not None and cell is not None:
        cell.mul_(keep)


class InputGradients:
    """From the gradients at a layer's states to those at its input."""

    def __init__(self, one: Pass) -> None:
        factors, weights = one.factors, one.weights
        if factors.nested is not None and weights.recurrent is not None:
            self._jacobians: Jacobians = NestedJacobians(factors, factors.nested, weights.recurrent, weights.input)
        else:
            self._jacobians = Jacobians(factors.input_gates, weights.input, 1 if factors.into_cell is None else 2)

    def at(self, step: Step) -> Tensor:
        """Return ∂L/∂(the layer's input) at one step: (batch, loss, input)."""
        return torch.bmm(step.inner, self._jacobians.at(step.step))


class Whole(NamedTuple):
    """One loss's gradients at every step, in the order of processing."""

    hidden: Tensor  # ∂L/∂h (time, batch, unit)
    cell: Tensor | None  # ∂L/∂c
    gates: Tensor  # ∂L/∂(the recurrent pre-activations) (time, batch, gate, unit)


def carry_one_back(one: Pass, direct: Tensor, final_cell: Tensor | None = None) -> Whole:
    """Return one loss's total derivatives at every step: :func:`carry_back` without the rows, and quicker for it.

    Args:
        one: the layer and direction.
        direct: what arrives from above (time, batch, unit).
        final_cell: ∂L/∂c (batch, unit) that a loss of an LSTM's final cell state gives; None for none.
    """
    factors, recurrent = one.factors, one.weights.recurrent
    hidden, gates = direct.clone(), torch.empty_like(factors.gates, memory_format=torch.contiguous_format)
    flat = gates.flatten(2).unbind(0)
    if factors.nested is not None and recurrent is not None:
        _nested_back(factors, factors.nested, recurrent, hidden, gates)
        return Whole(hidden, None, gates)
    if factors.into_cell is None or recurrent is None:
        _one_state_back(factors, recurrent, hidden, gates, flat)
        return Whole(hidden, None, gates)
    cell = torch.empty_like(factors.into_cell, memory_format=torch.contiguous_format)
    cell[-1] = 0.0 if final_cell is None else final_cell
    _two_states_back(one, recurrent, (hidden, cell), gates, flat)
    return Whole(hidden, cell, gates)


def to_initial(one: Pass, whole: Whole) -> tuple[Tensor, Tensor | None]:
    """Return what :func:`carry_one_back` found one step before the first: ∂L/∂h_0 and ∂L/∂c_0 (batch, unit)."""
    factors, recurrent, gates = one.factors, one.weights.recurrent, whole.gates[0]
    if factors.nested is not None and recurrent is not None:
        units = whole.hidden.shape[-1]
        read = gates[:, -1] @ recurrent[-units:]
        hidden = torch.addcmul(gates[:, :-1].flatten(1) @ recurrent[:-units], read, factors.nested.value[0])
    else:
        hidden = torch.zeros_like(whole.hidden[0]) if recurrent is None else gates.flatten(1) @ recurrent
    keep = None if factors.keep is None else factors.keep[0]
    if whole.cell is not None:
        return hidden, None if keep is None else whole.cell[0] * keep
    return hidden if keep is None else torch.addcmul(hidden, whole.hidden[0], keep), None


def _one_state_back(
    factors: Factors, recurrent: Tensor | None, hidden: Tensor, gates: Tensor, flat: tuple[Tensor, ...]
) -> None:
    states, local, into = hidden.unbind(0), factors.gates.unbind(0), gates.unbind(0)
    spread = hidden.unsqueeze(2).unbind(0)
    keep = None if factors.keep is None else factors.keep.unbind(0)
    for step in reversed(range(len(states))):
        if step + 1 < len(states):
            if recurrent is not None:
                states[step].addmm_(flat[step + 1], recurrent)
            if keep is not None:
                states[step].addcmul_(states[step + 1], keep[step + 1])
        torch.mul(spread[step], local[step], out=into[step])


def _nested_back(factors: Factors, nested: Nested, recurrent: Tensor, hidden: Tensor, gates: Tensor) -> None:
    """Carry back step by step where the last gate's matrix reads the state through another gate."""
    units, keep = hidden.shape[-1], factors.keep
    plain, last = recurrent[:-units], recurrent[-units:]
    for step in reversed(range(len(hidden))):
        torch.mul(hidden[step].unsqueeze(1), factors.gates[step], out=gates[step])
        read = gates[step, :, -1] @ last  # ∂L/∂(the product of gate and state)
        gates[step, :, nested.gate] = read * nested.slope[step]
        if step:
            hidden[step - 1].addmm_(gates[step, :, :-1].flatten(1), plain).addcmul_(read, nested.value[step])
            if keep is not None:
                hidden[step - 1].addcmul_(hidden[step], keep[step])


def _two_states_back(
    one: Pass, recurrent: Tensor, states: tuple[Tensor, Tensor], gates: Tensor, flat: tuple[Tensor, ...]
) -> None:
    factors, projection = one.factors, one.weights.projection
    assert factors.keep is not None
    assert factors.into_cell is not None
    hidden, cell = states[0].unbind(0), states[1].unbind(0)
    spread, into_cell, keep = states[1].unsqueeze(2).unbind(0), factors.into_cell.unbind(0), factors.keep.unbind(0)
    by_cell, by_hidden = factors.gates[:, :, :-1].unbind(0), factors.gates[:, :, -1].unbind(0)
    from_cell, from_hidden = gates[:, :, :-1].unbind(0), gates[:, :, -1].unbind(0)
    for step in reversed(range(len(hidden))):
        if step + 1 < len(hidden):
            hidden[step].addmm_(flat[step + 1], recurrent)
            torch.mul(cell[step + 1], keep[step + 1], out=cell[step])
        seen = hidden[step] if projection is None else hidden[step] @ projection
        cell[step].addcmul_(seen, into_cell[step])
        torch.mul(spread[step], by_cell[step], out=from_cell[step])
        torch.mul(seen, by_hidden[step], out=from_hidden[step])


def norms(values: Tensor, out: Tensor | None = None) -> Tensor:
    """Return the L2 norm over the last axis, in ``out`` where given, also where the squares would under- or overflow."""
    found: Tensor = torch.linalg.vector_norm(values, dim=-1, out=out)
    least, most = SAFE_NORMS[values.dtype]
    low, high = torch.aminmax(found)
    return found if low >= least and high <= most else found.copy_(_scaled_norms(values))


def _scaled_norms(values: Tensor) -> Tensor:
    if values.dtype == torch.float32 and values.device.type != "mps":  # Apple's GPU has no float64
        wide: Tensor = torch.linalg.vector_norm(values, dim=-1, dtype=torch.float64)  # one pass; no copy of the values
        return wide
    largest = values.abs().amax(dim=-1, keepdim=True)
    scale = torch.where((largest > 0) & largest.isfinite(), largest, 1.0)
    scaled: Tensor = torch.linalg.vector_norm(values / scale, dim=-1) * scale.squeeze(-1)
    return scaled
