"""From the calls of a recurrent layer or cell, and the gradients that reached them, to its gradients through time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from seqviz.errors import TraceError
from seqviz.measures.saturation import OPEN, SHUT, SIGMOIDS
from seqviz.models.cells import KINDS
from seqviz.records import GradientFlow
from seqviz.tracing.adjoint import norms
from seqviz.tracing.cells import CELLS
from seqviz.tracing.forward import Pass, read_forward
from seqviz.tracing.gradient_flow import flow_of
from seqviz.tracing.losses import Local
from seqviz.tracing.network import Network, Reading, Weights, read_inputs, read_network
from seqviz.watching.calls import Call, Recurrent, gradient_of

SEQUENCES = 8  # of a batch that are looked at: all of them would take as long as the step itself
CLOSE = {torch.float64: 1e-9, torch.float32: 1e-4, torch.bfloat16: 3e-2, torch.float16: 3e-3}  # as outputs agree, of their size
CELL_MODES = {nn.LSTMCell: "LSTM", nn.GRUCell: "GRU"}

Shares = dict[str, np.ndarray]


@dataclass(frozen=True)
class Passed:
    """One sequence of calls: its gradients through time and its gates."""

    flow: GradientFlow
    left: Shares
    right: Shares
    notes: tuple[str, ...] = ()


def kind_of(module: Recurrent) -> str:
    """Return the cell that a module is of, as PyTorch calls it: "LSTM", "GRU", "RNN_TANH", …"""
    if isinstance(module, nn.RNNBase):
        return module.mode
    if isinstance(module, nn.RNNCell):
        return f"RNN_{module.nonlinearity.upper()}"
    return next(mode for kind, mode in CELL_MODES.items() if isinstance(module, kind))


def passed(module: Recurrent, chain: Sequence[Call], scale: float) -> Passed:
    """Return what one chain of calls did, its gradients divided by ``scale``; of a large batch, in some of its sequences.

    Raises:
        TraceError: it cannot be read again.
    """
    found = [_cells(module, chain)] if isinstance(module, nn.RNNCellBase) else [_layer(module, one) for one in _alike(chain)]
    flow = _joined([one.flow for one in found], 1 / scale)
    left, right = merged([one.left for one in found]), merged([one.right for one in found])
    return Passed(flow, left, right, tuple(dict.fromkeys(note for one in found for note in one.notes)))


def some(sequences: int) -> np.ndarray:
    """Return which sequences of a batch are looked at: all of a few, or SEQUENCES of them evenly spread."""
    return np.unique(np.linspace(0, sequences - 1, min(sequences, SEQUENCES)).astype(int))


def _alike(chain: Sequence[Call]) -> list[list[Call]]:
    """Return runs of calls that can be read together, as more sequences of one batch."""
    groups: list[list[Call]] = []
    for call in chain:
        together = (
            groups and not isinstance(call.inputs, PackedSequence) and not isinstance(groups[-1][0].inputs, PackedSequence)
        )
        if together and call.inputs.data.shape == groups[-1][0].inputs.data.shape and call.random is None:
            groups[-1].append(call)
        else:
            groups.append([call])
    return groups


@dataclass(frozen=True)
class _Read:
    """What one call of a layer read, and what came back, for some sequences of its batch: (time, batch, ·) throughout."""

    inputs: Tensor
    state: tuple[Tensor, ...]
    output: Tensor
    received: Tensor  # ∂L/∂output
    received_finals: tuple[Tensor, ...]
    lengths: tuple[int, ...] | None
    masks: tuple[Tensor, ...]  # what dropout multiplied each layer's output by


def _layer(module: nn.RNNBase, calls: Sequence[Call]) -> Passed:
    """Return what several calls of a layer, alike in shape and each following the one before, did."""
    network = read_network(module)
    read = [_read(network, call) for call in calls]
    reading, dropped = (
        _reading(network, read),
        tuple(torch.cat(masks, dim=1) for masks in zip(*(one.masks for one in read), strict=True)),
    )
    forward, output, note = read_forward(network, reading, dropped), torch.cat([one.output for one in read], dim=1), ""
    if calls[0].random is not None and network.device.type != "cpu":
        note = "the masks of dropout inside a fused kernel cannot be had on this device, so it is shown without dropout"
    elif not _agrees(forward.output, output, reading):
        forward = read_forward(network, reading) if dropped else forward
        note = "what was read again is not what the call returned, so it is shown without dropout"
    received = [torch.cat(parts, dim=1).to(network.dtype) for parts in zip(*(one.received_finals for one in read), strict=True)]
    local = Local(
        torch.cat([one.received for one in read], dim=1).to(network.dtype),
        received[0],
        received[1] if network.has_cell else None,
    )
    flow = _in_turn(flow_of(network, reading, forward, local), len(calls))
    left, right = _gate_shares([one for row in forward.passes for one in row], network.directions)
    return Passed(flow, left, right, (note,) if note else ())


def _read(network: Network, call: Call) -> _Read:
    """Return some sequences of a call."""
    inputs, lengths = _by_time(network, call.inputs)
    kept = torch.as_tensor(some(inputs.shape[1]), device=inputs.device)
    assert call.output is not None
    data: Any = call.output.data if isinstance(call.output, PackedSequence) else call.output
    received: Any = gradient_of(call, "output", data)
    received = call.output._replace(data=received) if isinstance(call.output, PackedSequence) else received
    finals = [gradient_of(call, f"final {index}", part) for index, part in enumerate(call.final)]
    ends = None if lengths is None else tuple(lengths[kept.cpu()].tolist())
    longest = None if ends is None else max(ends)

    def part(values: Tensor) -> Tensor:
        return values[:longest].index_select(1, kept)

    return _Read(
        inputs=part(inputs).to(network.given),
        state=tuple(_batched(one).index_select(1, kept).to(network.given) for one in call.state),
        output=part(_by_time(network, call.output)[0]),
        received=part(_by_time(network, received)[0]),
        received_finals=tuple(_batched(one).detach().index_select(1, kept) for one in finals),
        lengths=ends,
        masks=tuple(map(part, _masks(network, call, inputs))),
    )


def _by_time(network: Network, values: Tensor | PackedSequence) -> tuple[Tensor, Tensor | None]:
    """Return values, laid out as the module has them, as (time, batch, ·), and the lengths of packed ones."""
    if isinstance(values, PackedSequence):
        padded, lengths = pad_packed_sequence(values)
        return padded.detach(), lengths
    own = values.detach()
    if own.dim() == 2:
        return own.unsqueeze(1), None
    return own.transpose(0, 1) if network.module.batch_first else own, None


def _batched(state: Tensor) -> Tensor:
    """Return a state with its axis for the batch, which an unbatched one lacks."""
    return state if state.dim() == 3 else state.unsqueeze(1)


def _reading(network: Network, read: Sequence[_Read]) -> Reading:
    """Return what several calls read, as one batch: a call's sequences after those of the call before."""
    inputs = torch.cat([one.inputs for one in read], dim=1)
    sizes = [network.units, network.cell_units] if network.has_cell else [network.units]
    rows = network.layers * network.directions
    zeros = [inputs.new_zeros(rows, read[0].inputs.shape[1], size) for size in sizes]
    states = [torch.cat(parts, dim=1) for parts in zip(*(one.state or zeros for one in read), strict=True)]
    laid_out = inputs.transpose(0, 1) if network.module.batch_first else inputs
    lengths = None if read[0].lengths is None else [length for one in read for length in one.lengths or ()]
    return read_inputs(network, laid_out, tuple(states) if network.has_cell else states[0], lengths)


def _masks(network: Network, call: Call, inputs: Tensor) -> tuple[Tensor, ...]:
    """Return what dropout multiplied each layer's output but the last's by, (time, batch, ·), drawn again."""
    if call.random is None or network.device.type != "cpu":
        return ()
    with torch.random.fork_rng([]):
        torch.set_rng_state(call.random)
        return tuple(_mask(network, call.inputs, inputs) for _ in range(network.layers - 1))


def _mask(network: Network, given: Tensor | PackedSequence, inputs: Tensor) -> Tensor:
    rate, width = network.module.dropout, network.directions * network.units
    if isinstance(given, PackedSequence):
        drawn = nn.functional.dropout(torch.ones(len(given.data), width, dtype=network.dtype), rate, True)
        return pad_packed_sequence(given._replace(data=drawn))[0]
    return nn.functional.dropout(torch.ones(*inputs.shape[:2], width, dtype=network.dtype), rate, True)


def _agrees(read: Tensor, returned: Tensor, reading: Reading) -> bool:
    read = read if reading.lengths is None else reading.lengths.cut(read)
    tolerance = CLOSE[returned.dtype]
    size = float(read.abs().nan_to_num(0, 0).max())
    return torch.allclose(read.double().cpu(), returned.double().cpu(), rtol=tolerance, atol=tolerance * size, equal_nan=True)


def _in_turn(flow: GradientFlow, calls: int) -> GradientFlow:
    """Return a batch of calls' sequences as the sequences that the calls read one after another."""
    if calls == 1:
        return flow

    def turned(norms: np.ndarray | None) -> np.ndarray | None:
        if norms is None:
            return None
        layers, directions, batch, time = norms.shape
        apart = norms.reshape(layers, directions, calls, batch // calls, time).transpose(0, 1, 3, 2, 4)
        return apart.reshape(layers, directions, batch // calls, calls * time)

    changed: dict[str, Any] = {name: turned(getattr(flow, name)) for name in TIMED} | dict.fromkeys(UNTIMED)
    return replace(flow, **changed)


TIMED = ("hidden_norms", "cell_norms", "direct_norms")
UNTIMED = ("initial_hidden_norms", "initial_cell_norms")


def _gate_shares(passes: Sequence[Pass], directions: int) -> tuple[Shares, Shares]:
    """Return the shares of gate values that are nearly shut and nearly open, (layer, direction)."""
    names = passes[0].cell.gates
    kept = [
        None if one.replay.gates is None else one.replay.gates if one.lengths is None else one.replay.gates[~one.lengths.beyond]
        for one in passes
    ]
    gates = [one.reshape(-1, *one.shape[-2:]) for one in kept if one is not None]  # (step of a sequence, gate, unit)

    def shares(holds: Any) -> Shares:
        return {
            name: np.array([float(holds(one[:, index]).float().mean()) for one in gates]).reshape(-1, directions)
            for index, name in enumerate(names)
            if name in SIGMOIDS
        }

    return shares(lambda values: values < SHUT), shares(lambda values: values > OPEN)


def _cells(module: nn.RNNCellBase, chain: Sequence[Call]) -> Passed:
    """Return what a loop of a cell did: its calls at once, each a batch of sequences of one step."""
    mode, weights = kind_of(module), Weights({name: one.detach() for name, one in module.named_parameters()})
    dtype, device = weights.input.dtype, weights.input.device
    sequences = 1 if chain[0].inputs.data.dim() == 1 else len(chain[0].inputs.data)
    kept = torch.as_tensor(some(sequences), device=device)

    def rows(parts: Sequence[Tensor]) -> Tensor:
        return torch.cat([part.detach().reshape(sequences, -1).index_select(0, kept) for part in parts]).to(dtype).unsqueeze(0)

    zero = torch.zeros(sequences, module.hidden_size, device=device)
    states = [rows([call.state[at] if call.state else zero for call in chain])[0] for at in range(KINDS[mode].states)]
    one = Pass(
        cell=CELLS[mode],
        weights=weights,
        inputs=rows([call.inputs.data for call in chain]),
        hidden=rows([call.final[0] for call in chain]),
        initial=(states[0], states[1] if len(states) == 2 else None),
        backward=False,
    )
    received = [
        rows([gradient_of(call, f"final {at}", part) for call, part in _finals(chain, at)]) for at in range(len(states))
    ]
    if len(received) == 2:
        hidden, cell = chain[0].final
        if hidden.grad_fn is cell.grad_fn and one.factors.into_cell is not None:  # one kernel made both: c's hook heard c alone
            received[1] = received[1] + received[0] * one.factors.into_cell
    shaped = [norms(each).view(len(chain), len(kept)).t().cpu().numpy()[None, None] for each in received]
    flow = GradientFlow(
        hidden_norms=shaped[0], cell_norms=shaped[1] if len(shaped) == 2 else None, direct_norms=np.full_like(shaped[0], np.nan)
    )
    left, right = _gate_shares([one], 1)
    return Passed(flow, left, right)


def _finals(chain: Sequence[Call], at: int) -> list[tuple[Call, Tensor]]:
    return [(call, call.final[at]) for call in chain]


def _joined(flows: Sequence[GradientFlow], factor: float) -> GradientFlow:
    """Return flows that follow each other as one, all norms times ``factor``."""
    batch = flows[0].hidden_norms.shape[2]
    mixed = any(flow.hidden_norms.shape[2] != batch for flow in flows)
    if mixed or (len(flows) > 1 and any(flow.lengths is not None for flow in flows)):
        raise TraceError("calls that follow each other read different sequences")

    def along(name: str) -> np.ndarray | None:
        parts = [getattr(flow, name) for flow in flows]
        return None if parts[0] is None else np.concatenate(parts, axis=3).astype(np.float32) * np.float32(factor)

    timed: dict[str, Any] = {name: along(name) for name in TIMED}
    return GradientFlow(**timed, lengths=flows[0].lengths, note=flows[0].note)


def side_by_side(flows: Sequence[GradientFlow]) -> GradientFlow:
    """Return flows of different sequences as one batch, of at most SEQUENCES sequences; shorter ones have lengths."""
    if len(flows) == 1:
        return flows[0]
    longest = max(flow.hidden_norms.shape[3] for flow in flows)
    lengths = np.concatenate([_lengths(flow) for flow in flows])
    kept = some(len(lengths))

    def beside(name: str) -> np.ndarray | None:
        parts = [getattr(flow, name) for flow in flows]
        if parts[0] is None:
            return None
        padded = [np.pad(part, [(0, 0)] * 3 + [(0, longest - part.shape[3])], constant_values=np.nan) for part in parts]
        return np.concatenate(padded, axis=2)[:, :, kept]

    own = None if (lengths == longest).all() else lengths[kept]
    return GradientFlow(**{name: beside(name) for name in TIMED}, lengths=own, note=flows[0].note)  # type: ignore[arg-type]


def _lengths(flow: GradientFlow) -> np.ndarray:
    shape = flow.hidden_norms.shape
    return np.full(shape[2], shape[3]) if flow.lengths is None else flow.lengths


def merged(shares: Sequence[Mapping[str, np.ndarray]]) -> Shares:
    """Return the mean of shares over several chains."""
    return {gate: np.mean([one[gate] for one in shares], axis=0) for gate in shares[0]} if shares else {}
