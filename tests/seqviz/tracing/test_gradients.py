"""Gradient flow is what autograd gives on unrolled cells."""

import pytest

from seqviz.tracing.gradients import gradient_flow
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
