"""Gradients carried back with exponents equal those in plain floats, and go on where these end."""

import math
import sys

import numpy as np
import pytest
import torch
from torch import nn

import seqviz
from seqviz.tracing.gradient_flow import _Recording
from seqviz.tracing.rescaled import Scaled
from tests.seqviz.tracing.unrolled import CELLS, build, draw

FLOW_FIELDS = (
    "hidden_norms", "cell_norms", "direct_norms", "initial_hidden_norms", "initial_cell_norms", "hidden", "cell", "inputs",
)  # fmt: skip


def final_and_all(output, final):
    states = final if isinstance(final, tuple) else (final,)
    return output.sin().sum() + sum((state**2).sum() for state in states)


def equal(found, expected):
    assert (found is None) == (expected is None)
    if expected is not None:
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("lengths", [None, [5, 2]])
@pytest.mark.parametrize("cell", CELLS)
def test_flows_equal_those_in_floats(cell, lengths, monkeypatch):
    rnn = build(cell, num_layers=2, bidirectional=True).double()
    inputs, state = draw(rnn, with_state=True)
    plain = seqviz.gradient_flow(rnn, inputs, final_and_all, state, lengths=lengths, by_unit=True)
    monkeypatch.setattr(_Recording, "is_finite", False)
    scaled = seqviz.gradient_flow(rnn, inputs, final_and_all, state, lengths=lengths, by_unit=True)
    for field in FLOW_FIELDS:
        equal(getattr(scaled, field), getattr(plain, field))
        if field.endswith("norms") and getattr(plain, field) is not None:
            with np.errstate(divide="ignore"):
                equal(getattr(scaled, f"log10_{field}"), np.log10(getattr(plain, field)))


@pytest.mark.parametrize("lengths", [None, [5, 2]])
@pytest.mark.parametrize("cell", CELLS)
def test_maps_equal_those_in_floats(cell, lengths, monkeypatch):
    rnn = build(cell, num_layers=2, bidirectional=True).double()
    inputs, _ = draw(rnn)
    plain = seqviz.gradient_map(rnn, inputs, lambda output, final: output.sin().sum((1, 2)), lengths=lengths)
    monkeypatch.setattr(sys.modules["seqviz.tracing.gradient_map"], "is_finite", lambda values: False)
    scaled = seqviz.gradient_map(rnn, inputs, lambda output, final: output.sin().sum((1, 2)), lengths=lengths)
    equal(scaled.norms, plain.norms)
    equal(scaled.cell_norms, plain.cell_norms)
    with np.errstate(divide="ignore"):
        equal(scaled.log10_norms, np.log10(plain.norms))


def tripling(activation="tanh", dtype=torch.float32):
    rnn = nn.RNN(2, 2, bias=False, nonlinearity=activation).to(dtype)
    with torch.no_grad():
        rnn.weight_hh_l0.copy_(3 * torch.eye(2))
        rnn.weight_ih_l0.copy_(torch.eye(2))
    return rnn


def test_a_gradient_that_triples_at_each_of_1000_steps_ends_beyond_every_float():
    flow = seqviz.gradient_flow(tripling(), torch.zeros(1000, 1, 2), lambda output, final: output[-1, :, 0].sum())
    expected = np.arange(999, -1, -1) * math.log10(3)
    np.testing.assert_allclose(flow.log10_hidden_norms[0, 0, 0], expected, rtol=1e-12)
    assert flow.log10_initial_hidden_norms.item() == pytest.approx(1000 * math.log10(3))
    assert flow.hidden_norms[0, 0, 0, 0] == np.inf
    assert not np.isnan(flow.hidden_norms).any()
    title = seqviz.figures.gradient_flow_figure(flow).layout.title.text
    assert title == "On its way from t = 999 back to t = 0, the gradient grows 10⁴⁷⁷-fold."


def test_a_state_too_large_for_a_float_is_no_hindrance():
    rnn = nn.RNN(1, 1, bias=False, nonlinearity="relu").double()
    with torch.no_grad():
        rnn.weight_hh_l0.fill_(3.0)
        rnn.weight_ih_l0.fill_(1.0)
    inputs = torch.full((1000, 1, 1), 1e-30, dtype=torch.float64)
    assert rnn(inputs)[0][-1].isinf().all()
    flow = seqviz.gradient_flow(rnn, inputs, lambda output, final: output[-1].sum())
    assert flow.log10_hidden_norms[0, 0, 0, 0] == pytest.approx(999 * math.log10(3))
    drawn = seqviz.figures.gradient_flow_figure(flow)
    assert drawn.data[0].y[0] == pytest.approx(999 * math.log10(3))
    assert drawn.layout.yaxis.type is None  # a linear axis of exponents


def test_a_map_beyond_every_float():
    traced = seqviz.gradient_map(tripling(), torch.zeros(120, 1, 2), lambda output, final: output[:, 0, 0])
    back = np.subtract.outer(np.arange(120), np.arange(120))
    np.testing.assert_allclose(
        traced.log10_norms[0, 0, 0], np.where(back >= 0, back * math.log10(3), -np.inf), rtol=1e-12, atol=1e-12
    )
    drawn = seqviz.figures.gradient_map_figure(traced)
    assert drawn.layout.title.text.startswith("Going back, the gradient grows: up to 6")
    assert len(drawn.data) == 1  # nothing is marked as infinite


def test_jacobians_beyond_every_float():
    trace = seqviz.jacobians(tripling(), torch.zeros(800, 1, 2), last_only=True)
    expected = np.arange(799, -1, -1) * math.log10(3)
    for row in (
        trace.log10_norms[-1],
        trace.log10_product_bounds[-1],
        trace.log10_beta_bounds[-1],
        trace.log10_singular_values[:, 1],
    ):
        np.testing.assert_allclose(row, expected, rtol=1e-9, atol=1e-9)
    norms, values = seqviz.figures.jacobian_norms_figure(trace), seqviz.figures.singular_values_figure(trace)
    assert norms.layout.title.text == (
        "Over 799 steps the Jacobian product grows 10³⁸¹-fold, about as large as its bound allows."
    )
    assert values.layout.title.text.endswith("2 keep 1 % or more to the end; the largest grows 10³⁸¹-fold.")
    assert {trace.mode for trace in [*norms.data, *values.data]} == {"lines"}


def test_ordinary_traces_hold_no_logs():
    rnn = build("lstm")
    inputs, _ = draw(rnn)
    flow = seqviz.gradient_flow(rnn, inputs, lambda output, final: output.sum())
    assert flow.log10_hidden_norms is None
    assert seqviz.jacobians(rnn, inputs).log10_norms is None


@pytest.mark.parametrize("values", [[1e-320, 0.0], [0.0, 0.0], [1e308, -1e308], [3.0, np.inf]])
def test_rows_of_any_size_come_back_as_they_were(values):
    given = torch.tensor([values], dtype=torch.float64)
    assert Scaled.of(given).plain.tolist() == given.tolist()


def test_a_sum_of_rows_far_apart_is_the_larger_one():
    small = Scaled.of(torch.ones(1, 1, dtype=torch.float64), torch.tensor([-9000]))
    large = Scaled.of(torch.ones(1, 1, dtype=torch.float64), torch.tensor([9000]))
    assert (small + large).log10_norms.item() == pytest.approx(9000 * math.log10(2))
    nothing = Scaled.of(torch.zeros(1, 1, dtype=torch.float64))
    assert (nothing + small).log10_norms.item() == pytest.approx(-9000 * math.log10(2))
    assert (nothing + nothing).log10_norms.item() == -math.inf
