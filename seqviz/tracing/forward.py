"""Read a sequence with the fused kernels, layer by layer, and replay what happened inside."""

import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from seqviz.tracing.cells import CELLS, Cell, Factors, Replay
from seqviz.tracing.network import Network, Reading, State, Weights


@dataclass(frozen=True)
class Pass:
    """One layer's reading of a sequence in one direction; all arrays in the order of processing."""

    cell: Cell
    weights: Weights
    inputs: Tensor  # (time, batch, input)
    hidden: Tensor  # (time, batch, unit)
    initial: tuple[Tensor, Tensor | None]  # (batch, unit)
    backward: bool

    @cached_property
    def replay(self) -> Replay:
        """Every gate and state, recomputed in one product."""
        return self.cell.replay(self.weights, self.inputs, self.hidden, *self.initial)

    @cached_property
    def factors(self) -> Factors:
        """The local derivatives of every step."""
        return self.cell.factors(self.weights, self.replay)

    def in_time(self, values: Tensor) -> Tensor:
        """Return ``values`` (time, ...), in the order of processing, in the order of the sequence; or back."""
        return values.flip(0) if self.backward else values


@dataclass(frozen=True)
class Forward:
    """A whole network's reading of a sequence."""

    passes: tuple[tuple[Pass, ...], ...]  # by layer, then direction
    output: Tensor  # (time, batch, direction·unit) of the top layer
    final: State  # (layer·direction, batch, unit); of an LSTM, h and c


def read_forward(network: Network, reading: Reading) -> Forward:
    """Return the network's reading of ``reading``; dropout between layers is off, whatever the module's mode."""
    values, passes, finals = reading.inputs, [], []
    for layer in range(network.layers):
        output, *final = run_layer(network, reading, layer, values)
        passes.append(
            tuple(_pass(network, reading, layer, direction, values, output) for direction in range(network.directions))
        )
        finals.append(final)
        values = output
    joined = [torch.cat(parts) for parts in zip(*finals, strict=True)]
    return Forward(passes=tuple(passes), output=values, final=(joined[0], joined[1]) if network.has_cell else joined[0])


def run_layer(network: Network, reading: Reading, layer: int, values: Tensor) -> Sequence[Tensor]:
    """Return one layer's output (time, batch, direction·unit) and its last states (direction, batch, unit)."""
    return _run(network, network.weights[layer], values, *reading.initial(network, layer))


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
        inputs=inputs.flip(0) if backward else inputs,
        hidden=states.flip(0) if backward else states.contiguous(),
        initial=(hidden[direction], None if cell is None else cell[direction]),
        backward=backward,
    )
