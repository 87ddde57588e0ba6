"""What every gate and state of a recurrent network does, step by step."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.records import GateTrace
from seqviz.tracing.forward import Forward, Pass, read_forward
from seqviz.tracing.inside import find_inside
from seqviz.tracing.lengths import GivenLengths, Lengths
from seqviz.tracing.network import State, read_inputs, read_network, untouched


def trace_gates(
    rnn: nn.Module,
    inputs: Any,
    state: State | None = None,
    *,
    layer: str | None = None,
    lengths: GivenLengths | None = None,
) -> GateTrace:
    """Trace every state and gate of a recurrent network reading a batch of sequences.

    The fused kernel runs once; the gates are then recomputed from the states it gives, all steps in one product.
    Dropout between layers is off, whatever the module's mode; the module is left as it is.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``, a recurrent module of seqviz, or a model with one inside.
        inputs: in the module's own layout, padded or packed; unbatched input counts as a batch of 1. Of a whole model, what
            the model takes: a tuple of several arguments, a mapping of named ones.
        state: the initial state as the module takes it; zeros where None.
        layer: the recurrent layer inside a whole model, by its name in ``named_modules()``; None for the only one.
        lengths: of the sequences of a padded batch, each of which is then read as if it were alone.

    Raises:
        UnsupportedModelError: ``rnn`` is not supported.
        TraceError: ``inputs`` or ``state`` do not fit, are empty, or not finite.

    Example:
        >>> trace = trace_gates(nn.LSTM(3, 5), torch.zeros(7, 2, 3))
        >>> list(trace.gates), trace.gates["forget"].shape
        (['input', 'forget', 'candidate', 'output'], (1, 1, 2, 7, 5))
    """
    with untouched():
        inside = find_inside(rnn, inputs, state, layer, lengths)
        network = read_network(inside.layer)
        reading = read_inputs(network, inside.inputs, inside.state, lengths)
        return _record(read_forward(network, reading), reading.lengths, network.note)


def _record(forward: Forward, lengths: Lengths | None, note: str) -> GateTrace:
    passes = [one for layer in forward.passes for one in layer]
    directions = len(forward.passes[0])

    def gathered(values: list[Tensor]) -> Tensor:
        ordered = [one.in_time(value) for one, value in zip(passes, values, strict=True)]
        if lengths is not None:
            for value in ordered:
                lengths.end(value, torch.nan)
        stacked = torch.stack(ordered) if len(ordered) > 1 else ordered[0].unsqueeze(0)
        return stacked.view(-1, directions, *stacked.shape[1:]).transpose(2, 3).cpu()

    cells = [cell for cell in (one.replay.cell for one in passes) if cell is not None]
    return GateTrace(
        hidden=gathered([one.hidden for one in passes]).numpy(),
        cell=gathered(cells).numpy() if cells else None,
        gates={
            name: gathered([_gate(one, index) for one in passes]).numpy() for index, name in enumerate(passes[0].cell.gates)
        },
        lengths=None if lengths is None else np.array(lengths.each),
        note=note,
    )


def _gate(one: Pass, index: int) -> Tensor:
    assert one.replay.gates is not None
    return one.replay.gates[:, :, index]
