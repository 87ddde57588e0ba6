"""The check beside every gradient is real: it agrees, differs, or says that it cannot tell."""

import math

import pytest
import torch

from seqviz.errors import TraceError, UnknownNameError
from seqviz.records import Agreement
from seqviz.tracing import agreement as module
from seqviz.tracing.agreement import agreement, best_difference
from tests.seqviz.tracing.test_gradient_flow import everything
from tests.seqviz.tracing.unrolled import CELLS, build, draw


@pytest.mark.parametrize(("layer", "direction", "time"), [(0, 0, 0), (0, 1, 2), (1, 0, 4), (1, 1, 0), (1, 1, 4)])
@pytest.mark.parametrize("cell", CELLS)
def test_gradients_agree_with_finite_differences(cell, layer, direction, time):
    rnn = build(cell, num_layers=2, bidirectional=True).double()
    inputs, state = draw(rnn, with_state=True)
    assert agreement(rnn, inputs, everything, layer, direction, time, state=state).relative_error < 1e-6


@pytest.mark.parametrize("batch", [2, None])
@pytest.mark.parametrize("batch_first", [True, False])
def test_gradients_of_the_cell_state_agree_with_finite_differences(batch, batch_first):
    rnn = build("lstm", num_layers=2, batch_first=batch_first).double()
    inputs, _ = draw(rnn, batch=batch)
    for time in (0, 4):
        assert agreement(rnn, inputs, everything, time=time, of="cell").relative_error < 1e-6


def test_a_float32_network_is_checked_in_float64():
    rnn = build("gru")
    assert agreement(rnn, draw(rnn)[0], everything).relative_error < 1e-6


def test_a_wrong_gradient_differs(monkeypatch):
    rnn = build("lstm").double()
    right = module.flows

    def wrong(network, forward, local):
        for flow in right(network, forward, local):
            flow.hidden.mul_(1.1)
            yield flow

    monkeypatch.setattr(module, "flows", wrong)
    found = agreement(rnn, draw(rnn)[0], everything)
    assert found.relative_error == pytest.approx(0.1 / 1.1, rel=0.2)


def test_a_gradient_that_is_lost_differs_where_differences_see_one(monkeypatch):
    rnn = build("lstm").double()
    right = module.flows

    def lost(network, forward, local):
        for flow in right(network, forward, local):
            flow.hidden.mul_(1e-30)
            yield flow

    monkeypatch.setattr(module, "flows", lost)
    assert agreement(rnn, draw(rnn)[0], everything).relative_error > 1


def test_a_vanished_gradient_is_smaller_than_finite_differences_can_resolve():
    rnn = build("sigmoid").double()
    inputs, _ = draw(rnn, time=60)
    found = agreement(rnn, inputs, lambda output, final: (output[-1] ** 2).sum())
    assert 0 < abs(found.gradient) < 1e-20
    assert found.relative_error is None
    assert found.sentence == "is smaller than finite differences can resolve"


def test_best_difference_knows_how_far_it_may_be_off():
    for slope, function in ((2.0, lambda x: math.exp(2 * x)), (1e-3, lambda x: 1 + math.sin(1e-3 * x)), (0.0, lambda x: 5.0)):
        found = best_difference(function)
        assert abs(found.value - slope) <= found.uncertainty


def test_best_difference_passes_over_widths_where_the_value_is_not_finite():
    found = best_difference(lambda x: 3 * x if abs(x) < 1e-3 else math.nan)
    assert found.value == pytest.approx(3.0)


@pytest.mark.parametrize("wrong", [{"time": 5}, {"time": -1}, {"layer": 2}, {"of": "cell"}])
def test_agreement_refuses_a_state_that_is_not_there(wrong):
    rnn = build("gru").double()
    with pytest.raises(TraceError):
        agreement(rnn, draw(rnn)[0], everything, **wrong)


def test_agreement_names_the_states_it_knows():
    rnn = build("lstm").double()
    with pytest.raises(UnknownNameError, match="known: hidden, cell"):
        agreement(rnn, draw(rnn)[0], everything, of="gate")


def test_agreement_leaves_the_modules_precision_alone():
    rnn = build("lstm")
    agreement(rnn, draw(rnn)[0], everything)
    assert all(parameter.dtype == torch.float32 for parameter in rnn.parameters())


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (3e-7, "agrees with finite differences to 3·10⁻⁷"),
        (9.7e-11, "agrees with finite differences to 10⁻¹⁰"),
        (0.006, "agrees with finite differences to 0.006"),
        (0.0, "agrees with finite differences to 0"),
        (0.5, "differs from finite differences: 2 against 3"),
        (math.inf, "differs from finite differences: 2 against 3"),
    ],
)
def test_the_sentence_says_agreement_only_where_there_is_some(error, said):
    assert Agreement(relative_error=error, gradient=2.0, difference=3.0).sentence == said
