"""Read a sequence with the fused kernels, layer by layer, and replay what happened inside."""

import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from seqviz.errors import UnsupportedModelError
from seqviz.tracing.call import call, changing_hook
from seqviz.tracing.cells import CELLS, Cell, Factors, Replay
from seqviz.tracing.lengths import Lengths
from seqviz.tracing.network import Network, Reading, State, Weights, in_module_layout


@dataclass(frozen=True)
class Pass:
    """One layer's reading of a sequence in one direction; all arrays in the order of processing."""

    cell: Cell
    weights: Weights
    inputs: Tensor  # (time, batch, input)
    hidden: Tensor  # (time, batch, unit)
    initial: tuple[Tensor, Tensor | None]  # (batch, unit)
    backward: bool
    lengths: Lengths | None = None  # where sequences end at different steps: after their end, states are 0

    @cached_property
    def replay(self) -> Replay:
        """Every gate and state, recomputed in one product."""
        return self.cell.replay(self.weights, self.inputs, self.hidden, *self.initial)

    @cached_property
    def factors(self) -> Factors:
        """The local derivatives of every step."""
        factors = self.cell.factors(self.weights, self.replay)
        return factors if self.lengths is None else _cut(factors, self.lengths)

    def in_time(self, values: Tensor) -> Tensor:
        """Return ``values`` (time, batch, ...), in the order of processing, in the order of the sequence; or back."""
        return turned(values, self.lengths) if self.backward else values

    @property
    def last(self) -> Any:
        """The index of every sequence's last processed step, for values (time, batch, ...)."""
        return -1 if self.lengths is None else self.lengths.last


def _cut(factors: Factors, lengths: Lengths) -> Factors:
    """Return local derivatives past which no gradient gets after a sequence's end, and a cell state's unchanged."""
    gates, nested = lengths.cut(factors.gates), factors.nested
    return replace(
        factors,
        gates=gates,
        input_gates=gates if factors.input_gates is factors.gates else lengths.cut(factors.input_gates),
        keep=None if factors.keep is None else lengths.cut(factors.keep, 0.0 if factors.into_cell is None else 1.0),
        into_cell=None if factors.into_cell is None else lengths.cut(factors.into_cell),
        nested=None if nested is None else replace(nested, value=lengths.cut(nested.value), slope=lengths.cut(nested.slope)),
    )


def turned(values: Tensor, lengths: Lengths | None) -> Tensor:
    """Return ``values`` (time, batch, ...) back to front, each sequence within its own length."""
    return values.flip(0) if lengths is None else lengths.turned(values)


@dataclass(frozen=True)
class Forward:
    """A whole network's reading of a sequence."""

    passes: tuple[tuple[Pass, ...], ...]  # by layer, then direction
    output: Tensor  # (time, batch, direction·unit) of the top layer
    final: State  # (layer·direction, batch, unit); of an LSTM, h and c
    dropped: tuple[Tensor, ...] = ()  # by what dropout multiplied each layer's output (time, batch, ·) but the last's


def read_forward(network: Network, reading: Reading, dropped: tuple[Tensor, ...] = ()) -> Forward:
    """Return the network's reading of ``reading``; dropout between layers is off, whatever the module's mode.

    Args:
        network: what reads.
        reading: what is read.
        dropped: by what each layer's output but the last's is multiplied, as dropout did in a call that is read again.
    """
    values, passes, finals = reading.inputs, [], []
    for layer in range(network.layers):
        values = values * dropped[layer - 1] if dropped and layer else values
        output, *final = run_layer(network, reading, layer, values)
        own = tuple(_pass(network, reading, layer, direction, values, output) for direction in range(network.directions))
        passes.append(own)
        if reading.lengths is not None:
            final = [torch.stack(parts) for parts in zip(*map(_finals, own), strict=True)]
        finals.append(final)
        values = output
    joined = [torch.cat(parts) for parts in zip(*finals, strict=True)]
    final_state: State = (joined[0], joined[1]) if network.has_cell else joined[0]
    forward = Forward(passes=tuple(passes), output=values, final=final_state, dropped=dropped)
    if network.is_checked and not dropped:
        _hold_to_a_call(network, reading, forward)
    return forward


def _hold_to_a_call(network: Network, reading: Reading, forward: Forward) -> None:
    """Refuse a module whose call returns anything but what its weights compute.

    Raises:
        UnsupportedModelError: it does; the hook that is to blame is named.
    """
    parts = [part.squeeze(1) if reading.unbatched else part for part in (reading.hidden, reading.cell) if part is not None]
    state = tuple(parts) if network.has_cell else parts[0]
    as_given = reading if reading.lengths is None else reading.packed(reading.lengths)
    inputs = in_module_layout(network, as_given, reading.inputs)
    read = (_values(in_module_layout(network, as_given, forward.output)), *as_tuple(forward.final))

    def is_as_read(returned: object) -> bool:
        if not isinstance(returned, tuple) or len(returned) != 2:
            return False
        output, final = returned
        found = (_values(output), *(final if isinstance(final, tuple) else (final,)))
        return len(found) == len(read) and all(map(_agree, found, read))

    if not is_as_read(call(network.module, inputs, state)):
        blamed = changing_hook(network.module, is_as_read, inputs, state) or "what it does besides"
        name = type(network.module).__name__
        raise UnsupportedModelError(f"this {name} cannot be traced: {blamed} changes what a call of it reads or returns")


def _values(given: Any) -> Any:
    return given.data if isinstance(given, PackedSequence) else given


def _agree(found: Any, read: Tensor) -> bool:
    """Return whether a call returned what was read, up to rounding; where one overflows, so does the other."""
    if not isinstance(found, Tensor) or found.numel() != read.numel() or found.dtype != read.dtype:
        return False
    rtol = 1e-4 if read.dtype == torch.float32 else 1e-10
    atol = rtol * float(read.abs().nan_to_num(0, 0).max())
    return torch.allclose(found.reshape(read.shape), read, rtol=rtol, atol=atol, equal_nan=True)


def run_layer(network: Network, reading: Reading, layer: int, values: Tensor) -> Sequence[Tensor]:
    """Return one layer's output (time, batch, direction·unit) and its last states (direction, batch, unit).

    Where sequences end at different steps, the last states are those after the last step of all.
    """
    hidden, cell = reading.initial(network, layer)
    ends = reading.lengths
    if ends is None:
        return _run(network, network.weights[layer], values, hidden, cell)
    outputs, finals = [], []
    for direction, weights in enumerate(network.weights[layer]):
        own, state = slice(direction, direction + 1), turned(values, ends) if direction else values
        output, *final = _run(network, (weights,), state, hidden[own], None if cell is None else cell[own])
        outputs.append(turned(ends.cut(output), ends) if direction else ends.cut(output))
        finals.append(final)
    return torch.cat(outputs, dim=-1), *(torch.cat(parts) for parts in zip(*finals, strict=True))


def _finals(one: Pass) -> tuple[Tensor, ...]:
    """Return the states (batch, unit) after each sequence's own last step."""
    return tuple(states[one.last] for states in (one.hidden, one.replay.cell) if states is not None)


def run_direction(
    network: Network, weights: Weights, values: Tensor, hidden: Tensor, cell: Tensor | None
) -> tuple[Tensor, Tensor | None]:
    """Return the states (time, batch, unit) and the last cell state of one direction, from the states (batch, unit) on."""
    if not len(values):
        return values.new_empty(0, *hidden.shape), cell
    states, _, *last = _run(network, (weights,), values, hidden.unsqueeze(0), None if cell is None else cell.unsqueeze(0))
    return states, last[0][0] if last else None


def _run(network: Network, weights: Sequence[Weights], values: Tensor, hidden: Tensor, cell: Tensor | None) -> Sequence[Tensor]:
    """Run one layer in as many directions as there are ``weights``."""
    state = tuple(part.contiguous() for part in (hidden, cell) if part is not None)
    with warnings.catch_warnings() if values.is_cuda else nullcontext():
        if values.is_cuda:  # cuDNN would like all layers' weights in one block; one layer's are not
            warnings.filterwarnings("ignore", message="RNN module weights are not part of single contiguous chunk")
        return network.kind.layer(values, state, [one.named for one in weights])


def as_tuple(state: State) -> tuple[Tensor, ...]:
    """Return a state as (h,) or, of an LSTM, (h, c)."""
    return state if isinstance(state, tuple) else (state,)


def _pass(network: Network, reading: Reading, layer: int, direction: int, inputs: Tensor, output: Tensor) -> Pass:
    states, backward = output[..., direction * network.units :][..., : network.units], direction == 1
    hidden, cell = reading.initial(network, layer)
    return Pass(
        cell=CELLS[network.mode],
        weights=network.weights[layer][direction],
        inputs=turned(inputs, reading.lengths) if backward else inputs,
        hidden=turned(states, reading.lengths) if backward else states.contiguous(),
        initial=(hidden[direction], None if cell is None else cell[direction]),
        backward=backward,
        lengths=reading.lengths,
    )
