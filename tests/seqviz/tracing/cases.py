"""The networks that every trace is held to the oracle on."""

import itertools

import pytest
import torch

from tests.seqviz.tracing.unrolled import CELLS, build, draw

# every triple of these four settings meets in both values (a 2^(4-1) design), for each cell, depth and direction
LAYOUTS = [
    (batch_first, bias, double, (batch_first + bias + double) % 2 == 0)
    for batch_first, bias, double in itertools.product((False, True), repeat=3)
]
NETWORKS = [
    pytest.param(cell, layers, both, layout, id=f"{cell}-{layers}-{'both' if both else 'forward'}-{index}")
    for cell, layers, both in itertools.product(CELLS, (1, 2, 3, 4), (False, True))
    for index, layout in enumerate(LAYOUTS)
    if layers in (1, 2) or index in (1, 6)  # deeper stacks repeat what two layers do
]
SHAPES = [(1, 2), (5, 1), (5, None), (1, None)]  # (time, batch)


def network(cell, layers, both, layout):
    """Return a module, inputs and a state for one row of NETWORKS."""
    batch_first, bias, double, with_state = layout
    rnn = build(cell, num_layers=layers, bidirectional=both, batch_first=batch_first, bias=bias)
    rnn = rnn.to(torch.float64) if double else rnn
    return rnn, *draw(rnn, with_state=with_state)


def agree(found, expected):
    """Hold ``found`` to ``expected``: to 1e-9 of the largest value in float64, to 1e-4 in float32."""
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    largest = abs(expected).max()
    tolerance = 1e-9 if found.dtype == "float64" else 1e-4
    assert abs(found - expected).max() <= tolerance * largest
