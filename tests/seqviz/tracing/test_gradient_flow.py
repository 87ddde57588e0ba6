"""Gradient flow is what autograd gives on unrolled cells."""

import numpy as np
import pytest
import torch

from seqviz.models.cells import LinearRNN
from seqviz.tracing.gradient_flow import gradient_flow
from seqviz.tracing.gradient_map import gradient_map
from tests.seqviz.tracing.cases import NETWORKS, SHAPES, agree, network
from tests.seqviz.tracing.unrolled import CELLS, build, draw, norms, unroll


def everything(output, final):
    """A loss that reads every output and every final state."""
    finals = final if isinstance(final, tuple) else (final,)
    return (output**3).sum() + sum((2.0 + index) * (one.sin() ** 2).sum() for index, one in enumerate(finals))


def last_output(output, final):
    return (output[-1] ** 2).sum()


def first_batch_first_output(output, final):
    return (output[:, 0] ** 2).sum()


def hold_to_oracle(rnn, inputs, state, loss=everything):
    flow, oracle = gradient_flow(rnn, inputs, loss, state), unroll(rnn, inputs, state)
    value = loss(oracle.output, oracle.final)
    agree(flow.hidden_norms, norms(value, oracle.hidden))
    agree(flow.direct_norms, norms(value, oracle.above))
    assert (flow.cell_norms is None) == (oracle.cell[0][0][0] is None)
    if flow.cell_norms is not None:
        agree(flow.cell_norms, norms(value, oracle.cell))


@pytest.mark.parametrize(("cell", "layers", "both", "layout"), NETWORKS)
def test_gradient_flow_matches_autograd(cell, layers, both, layout):
    hold_to_oracle(*network(cell, layers, both, layout))


@pytest.mark.parametrize(("time", "batch"), SHAPES)
@pytest.mark.parametrize("cell", CELLS)
def test_gradient_flow_matches_autograd_at_the_smallest_sizes(cell, time, batch):
    rnn = build(cell, hidden_size=1, num_layers=2, bidirectional=True).double()
    hold_to_oracle(rnn, *draw(rnn, time=time, batch=batch, with_state=True))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("loss", [last_output, first_batch_first_output])
def test_gradient_flow_matches_autograd_for_a_loss_on_part_of_the_output(cell, loss):
    rnn = build(cell, num_layers=2, bidirectional=True).double()
    hold_to_oracle(rnn, *draw(rnn), loss=loss)


@pytest.mark.parametrize("cell", CELLS)
def test_direct_norms_are_zero_but_at_the_loss_where_the_total_is_not(cell):
    rnn = build(cell, hidden_size=16).double()
    flow = gradient_flow(rnn, draw(rnn, time=6)[0], last_output)
    assert (flow.direct_norms[..., :-1] == 0).all()
    assert (flow.hidden_norms > 0).any(axis=2).all()


@pytest.mark.parametrize("cell", CELLS)
def test_gradient_flow_does_not_depend_on_batch_size(cell):
    rnn = build(cell).double()
    inputs, _ = draw(rnn, batch=3)
    alone = gradient_flow(rnn, inputs[:, 1:2], everything)
    agree(gradient_flow(rnn, inputs, everything).hidden_norms[:, :, 1:2], alone.hidden_norms)


@pytest.mark.parametrize(("gain", "power"), [(0.1, -30), (10.0, 30)])
def test_float32_norms_are_right_where_their_squares_leave_the_range_of_float32(gain, power):
    rnn = LinearRNN(2, 4)
    torch.nn.init.orthogonal_(rnn.weight_hh_l0, gain=gain)
    inputs = torch.zeros(31, 1, 2)
    flow = gradient_flow(rnn, inputs, lambda output, final: output[-1, 0, 0])
    mapped = gradient_map(rnn, inputs, lambda output, final: output[:, 0, 0], separable=True)
    assert flow.hidden_norms[0, 0, 0, 0] == pytest.approx(10.0**power, rel=1e-4)
    assert mapped.norms[0, 0, 0, 30, 0] == pytest.approx(10.0**power, rel=1e-4)


@pytest.mark.parametrize("rho", [0.5, 0.9, 1.0, 1.1, 1.5])
def test_an_orthogonal_linear_rnn_loses_exactly_rho_a_step(rho):
    rnn = LinearRNN(2, 50).double()
    torch.nn.init.orthogonal_(rnn.weight_hh_l0, gain=rho)
    flow = gradient_flow(rnn, torch.zeros(61, 1, 2, dtype=torch.float64), lambda output, final: output[-1, 0, 0])
    np.testing.assert_allclose(flow.hidden_norms[0, 0, 0], rho ** np.arange(60, -1, -1), rtol=1e-10)


def test_float64_norms_are_right_where_their_squares_leave_the_range_of_float64():
    rnn = LinearRNN(2, 4).double()
    torch.nn.init.orthogonal_(rnn.weight_hh_l0, gain=1e-10)
    flow = gradient_flow(rnn, torch.zeros(31, 1, 2, dtype=torch.float64), lambda output, final: output[-1, 0, 0])
    assert flow.hidden_norms[0, 0, 0, 0] == pytest.approx(1e-300, rel=1e-9)
