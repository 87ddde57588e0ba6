"""The tables of cells agree, and a cell may read its cell state, reset it before the product, or read no state at all."""

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqviz.errors import TraceError
from seqviz.experiment.cells import CELL_SPECS
from seqviz.models import cells as modules
from seqviz.models.cells import KINDS, named_weights, recurrent_layers
from seqviz.models.dropout import draw_masks, dropped_states, masked_states
from seqviz.models.stacks import advance, as_module_state, as_state
from seqviz.tracing.agreement import agreement
from seqviz.tracing.cells import CELLS
from seqviz.tracing.contributions import weight_contributions
from seqviz.tracing.jacobians import jacobians
from tests.seqviz.tracing import test_gates, test_gradient_flow, test_gradient_map
from tests.seqviz.tracing.other_cells import MATHEMATICS, MinGRU, PeepholeLSTM, ResetBeforeGRU, add
from tests.seqviz.tracing.test_gradient_flow import everything
from tests.seqviz.tracing.test_jacobians import oracle_steps
from tests.seqviz.tracing.unrolled import build, draw, unroll, weights_of

MODULES = [(name, activation) for name, cell in CELL_SPECS.items() for activation in cell.modules]
LAYOUTS = [(1, False, True, False), (2, True, False, True), (2, False, True, True), (1, True, True, False)]


@pytest.fixture(params=list(MATHEMATICS), ids=lambda module: module.kind)
def module(request, monkeypatch):
    """A cell that seqviz does not offer, in the tables."""
    add(monkeypatch, request.param)
    return request.param


@pytest.fixture(params=LAYOUTS, ids=str)
def network(request, module):
    """A module of that cell in float64, inputs and a state."""
    layers, both, bias, with_state = request.param
    rnn = build(module, num_layers=layers, bidirectional=both, bias=bias, batch_first=both).double()
    return rnn, *draw(rnn, with_state=with_state)


def test_what_runs_a_cell_has_its_mathematics():
    assert KINDS.keys() == CELLS.keys()


@pytest.mark.parametrize(("name", "activation"), MODULES)
def test_a_cell_is_what_its_line_without_torch_says(name, activation):
    spec, rnn = CELL_SPECS[name], recurrent_layers(name, 3, 4, activation=activation)
    said = spec.modules[activation]
    assert rnn.mode == said.mode
    assert type(rnn) is KINDS[said.mode].module
    assert {**vars(rnn), **said.settings} == vars(rnn)
    assert KINDS[said.mode].states == len(spec.states)
    assert CELLS[said.mode].gates == spec.gates
    assert len(rnn.weight_ih_l0) == 4 * max(len(spec.gates), 1)
    assert spec.chrono.keys() <= set(spec.gates)
    assert set(spec.chrono.values()) <= {1, -1}


@pytest.mark.parametrize(("name", "activation"), MODULES)
def test_a_step_written_out_is_the_one_that_the_kernel_takes(name, activation):
    rnn = recurrent_layers(name, 3, 4, activation=activation)
    inputs, state = draw(rnn, time=1, with_state=True)
    state, weights = as_state(state), named_weights(rnn, 0)
    stepped = KINDS[rnn.mode].step(modules.driven(inputs[0], weights), state[0][0], tuple(part[0] for part in state), weights)
    torch.testing.assert_close(stepped, tuple(part[0] for part in as_state(rnn(inputs, as_module_state(state))[1])))
    torch.testing.assert_close(advance(rnn, inputs[0], state), tuple(part.unsqueeze(0) for part in stepped))


def test_another_cell_reads_as_its_equations_say(network):
    rnn, inputs, state = network
    output, final = rnn(inputs, state)
    expected = unroll(rnn, inputs, state)
    torch.testing.assert_close(output, expected.output)
    torch.testing.assert_close(final, expected.final)


def test_the_gates_of_another_cell_match_its_equations(network):
    test_gates.hold_to_oracle(*network)


def test_the_gradient_flow_of_another_cell_matches_autograd(network):
    test_gradient_flow.hold_to_oracle(*network)


@pytest.mark.parametrize("separable", [True, False])
def test_the_gradient_map_of_another_cell_matches_autograd(network, separable):
    losses = test_gradient_map.at_each_step if separable else test_gradient_map.across_steps
    test_gradient_map.hold_to_oracle(*network, losses(network[0]), separable)


def test_the_jacobians_of_another_cell_match_autograd(network):
    rnn, inputs, state = network
    place = (rnn.num_layers - 1, int(rnn.bidirectional))
    expected = oracle_steps(rnn, inputs, state, *place, sample=1)
    found = jacobians(rnn, inputs, *place, 1, state).steps
    assert np.abs(found - expected).max() <= 1e-9 * np.abs(expected).max()


def test_the_contributions_of_another_cells_steps_add_up_to_autograds_gradient(network):
    rnn, inputs, state = network
    unrolled = unroll(rnn, inputs, state)
    if isinstance(rnn, MinGRU):
        with pytest.raises(TraceError, match="the MINGRU has no recurrent matrix"):
            weight_contributions(rnn, inputs, everything, state=state)
        return
    split = weight_contributions(rnn, inputs, everything, state=state)
    (expected,) = torch.autograd.grad(everything(unrolled.output, unrolled.final), weights_of(rnn, 0, 0)["weight_hh"])
    assert split.total_norm == pytest.approx(float(expected.norm()), rel=1e-9)
    assert split.projections.sum() == pytest.approx(split.total_norm, rel=1e-9)


def test_the_gradients_of_another_cell_agree_with_finite_differences(network):
    rnn, inputs, state = network
    for of in ("hidden", "cell")[: rnn.states]:
        assert agreement(rnn, inputs, everything, time=2, of=of, state=state).relative_error < 1e-5


@pytest.mark.parametrize("where", ["layers", "recurrent", "variational"])
def test_another_cell_with_dropout_is_itself_where_nothing_is_dropped(module, where):
    rnn = build(module, num_layers=2, bidirectional=True, batch_first=True).double()
    inputs, _ = draw(rnn)
    coins = torch.Generator().manual_seed(0)
    torch.testing.assert_close(dropped_states(rnn, inputs, where, 0.0, coins), rnn(inputs)[0])
    masks = draw_masks("recurrent", 0.5, (4, 5, 2, 4), coins).double()
    same = torch.allclose(masked_states(rnn, inputs, "recurrent", masks), rnn(inputs)[0])
    assert same == (module is MinGRU)  # of which no matrix reads the state that is dropped


def test_another_cell_goes_step_by_step_as_through_a_sequence(module):
    rnn = build(module, num_layers=2).double()
    inputs, state = draw(rnn, with_state=True)
    expected, stepped = rnn(inputs, state)[1], as_state(state)
    for step in inputs:
        stepped = advance(rnn, step, stepped)
    torch.testing.assert_close(as_module_state(stepped), expected)


def test_another_cell_reads_padded_sentences_each_to_its_own_end(module):
    rnn = build(module, num_layers=2, bidirectional=True, batch_first=True).double()
    inputs, _ = draw(rnn, batch=3)
    lengths = [2, 5, 4]
    packed = pack_padded_sequence(inputs, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    output, final = rnn(packed)
    padded, found = pad_packed_sequence(output, batch_first=True)
    assert found.tolist() == lengths
    for index, length in enumerate(lengths):
        alone, last = rnn(inputs[index : index + 1, :length])
        torch.testing.assert_close(padded[index : index + 1, :length], alone)
        for mine, yours in zip(as_state(final), as_state(last), strict=True):
            torch.testing.assert_close(mine[:, index : index + 1], yours)


def test_the_other_cells_are_no_part_of_the_tables():
    others = {PeepholeLSTM.kind, ResetBeforeGRU.kind, MinGRU.kind}
    assert not others & (KINDS.keys() | CELLS.keys())
