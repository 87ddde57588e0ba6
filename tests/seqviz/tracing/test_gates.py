"""Traced gates and states are those of the cells unrolled."""

import numpy as np
import pytest
import torch

from seqviz.tracing.gates import trace_gates
from tests.seqviz.tracing.cases import NETWORKS, SHAPES, agree, network
from tests.seqviz.tracing.unrolled import CELLS, build, draw, unroll


def stacked(states):
    """Return [layer][direction][time] tensors as (layer, direction, batch, time, unit)."""
    return np.stack([np.stack([torch.stack(d).detach().transpose(0, 1).numpy() for d in layer]) for layer in states])


def hold_to_oracle(rnn, inputs, state):
    trace, oracle = trace_gates(rnn, inputs, state), unroll(rnn, inputs, state)
    agree(trace.hidden, stacked(oracle.hidden))
    if trace.cell is not None:
        agree(trace.cell, stacked(oracle.cell))
    assert list(trace.gates) == list(oracle.gates[0][0][0])
    for name, gate in trace.gates.items():
        agree(gate, stacked([[[step[name] for step in direction] for direction in layer] for layer in oracle.gates]))


@pytest.mark.parametrize(("cell", "layers", "both", "layout"), NETWORKS)
def test_trace_gates_matches_unrolled_cells(cell, layers, both, layout):
    hold_to_oracle(*network(cell, layers, both, layout))


@pytest.mark.parametrize(("time", "batch"), SHAPES)
@pytest.mark.parametrize("cell", CELLS)
def test_trace_gates_matches_unrolled_cells_at_the_smallest_sizes(cell, time, batch):
    rnn = build(cell, hidden_size=1, num_layers=2, bidirectional=True).double()
    hold_to_oracle(rnn, *draw(rnn, time=time, batch=batch, with_state=True))


@pytest.mark.parametrize("cell", CELLS)
def test_trace_gates_ignores_dropout_in_training_mode(cell):
    rnn = build(cell, num_layers=3, dropout=0.9).train()
    hold_to_oracle(rnn, *draw(rnn))
