"""Jacobians are those that torch.autograd.functional.jacobian gives for one step of the recurrence."""

import numpy as np
import pytest
import torch
from torch.autograd.functional import jacobian

from seqviz.errors import TraceError
from seqviz.models.cells import LinearRNN
from seqviz.tracing.jacobians import jacobians
from tests.seqviz.tracing.unrolled import CELLS, build, draw, is_of_two_states, sizes_of, step_of, unroll, weights_of


def oracle_steps(rnn, inputs, state, layer, direction, sample):
    """∂s_t/∂s_prev of every step, each by differentiating that step's equations."""
    unrolled, is_lstm, units = unroll(rnn, inputs, state), is_of_two_states(rnn), sizes_of(rnn)[0]
    below = inputs.transpose(0, 1) if rnn.batch_first else inputs
    if layer:
        below = torch.cat([torch.stack(states) for states in unrolled.hidden[layer - 1]], dim=-1)
    index = layer * (2 if rnn.bidirectional else 1) + direction
    zeros = tuple(torch.zeros(size, dtype=below.dtype) for size in sizes_of(rnn))
    given = zeros if state is None else [one[index, sample] for one in (state if is_lstm else (state, state))]
    previous = torch.cat(list(given)) if is_lstm else given[0]
    steps, order = [None] * len(below), range(len(below))
    for t in reversed(order) if direction else order:

        def step(packed, x=below[t, sample]):
            h, c, _ = step_of(rnn)(x, packed[:units], packed[units:], weights_of(rnn, layer, direction))
            return torch.cat([h, c]) if is_lstm else h

        steps[t] = jacobian(step, previous.detach())
        previous = step(previous)
    return torch.stack(steps).detach().double().numpy()


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("direction", [0, 1])
@pytest.mark.parametrize("double", [True, False])
@pytest.mark.parametrize("cell", CELLS)
def test_steps_match_torch_jacobian(cell, double, direction, layer):
    rnn = build(cell, num_layers=2, bidirectional=True, batch_first=double, bias=double)
    rnn = rnn.double() if double else rnn
    inputs, state = draw(rnn, with_state=True)
    expected = oracle_steps(rnn, inputs, state, layer, direction, sample=1)
    found = jacobians(rnn, inputs, layer, direction, 1, state).steps
    assert np.abs(found - expected).max() <= (1e-9 if double else 1e-4) * np.abs(expected).max()


@pytest.mark.parametrize("direction", [0, 1])
@pytest.mark.parametrize("cell", CELLS)
def test_norms_bounds_and_singular_values_are_those_of_the_product(cell, direction):
    rnn = build(cell, bidirectional=True).double()
    inputs, _ = draw(rnn, time=6)
    trace, units = jacobians(rnn, inputs, direction=direction), sizes_of(rnn)[0]
    order = list(range(6))[::-1] if direction else list(range(6))
    for place, t in enumerate(order):
        product, bound = np.eye(trace.steps.shape[1]), 1.0
        for before in reversed(range(place + 1)):
            k = order[before]
            assert trace.norms[t, k] == pytest.approx(np.linalg.norm(product[:units, :units], 2), rel=1e-9)
            assert trace.product_bounds[t, k] == pytest.approx(bound, rel=1e-9)
            assert trace.norms[t, k] <= bound * (1 + 1e-9)
            if t == order[-1]:
                plain = np.linalg.svd(product, compute_uv=False)  # with rounding noise of its own at the small end
                np.testing.assert_allclose(trace.singular_values[k], plain, rtol=1e-9, atol=1e-15 * plain[0])
            product, bound = product @ trace.steps[k], bound * np.linalg.norm(trace.steps[k], 2)
        assert not trace.norms[t, order[place + 1 :]].any()
        assert not trace.product_bounds[t, order[place + 1 :]].any()


@pytest.mark.parametrize(("cell", "slope"), [("tanh", 1), ("relu", 1), ("sigmoid", 0.25), ("linear", 1)])
def test_norms_stay_below_the_beta_bound(cell, slope):
    rnn = build(cell).double()
    trace = jacobians(rnn, draw(rnn, time=6)[0])
    beta = np.linalg.norm(rnn.weight_hh_l0.detach().numpy(), 2) * slope
    assert trace.beta_bounds[4, 1] == pytest.approx(beta**3)
    assert trace.beta_bounds[1, 4] == 0
    assert (trace.norms <= trace.beta_bounds * (1 + 1e-9)).all()


def test_without_recurrent_weights_only_the_state_itself_is_bounded_by_1():
    rnn = build("tanh").double()
    torch.nn.init.zeros_(rnn.weight_hh_l0)
    trace = jacobians(rnn, draw(rnn, time=4)[0])
    np.testing.assert_array_equal(trace.beta_bounds, np.eye(4))


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gated_cells_have_no_beta_bound(cell):
    rnn = build(cell)
    assert jacobians(rnn, draw(rnn)[0]).beta_bounds is None


@pytest.mark.parametrize(("rho", "size"), [(0.5, 8.674e-19), (0.9, 1.797e-3), (1.0, 1.0), (1.1, 304.5), (1.5, 3.677e10)])
def test_an_orthogonal_linear_rnn_loses_exactly_rho_to_the_60(rho, size):
    rnn = LinearRNN(2, 50).double()
    torch.nn.init.orthogonal_(rnn.weight_hh_l0, gain=rho)
    inputs = torch.zeros(61, 1, 2, dtype=torch.float64)
    trace = jacobians(rnn, inputs, last_only=True)
    assert trace.norms[60, 0] == pytest.approx(rho**60, rel=1e-9)
    assert trace.norms[60, 0] == pytest.approx(size, rel=1e-3)
    np.testing.assert_allclose(trace.singular_values[0], rho**60, rtol=1e-9)


@pytest.mark.parametrize(("rho", "cell", "slope"), [(1.1, "tanh", 1), (1.5, "tanh", 1), (4.0, "sigmoid", 0.25)])
def test_a_saturating_rnn_stays_below_its_bound(rho, cell, slope):
    rnn = build(cell, hidden_size=50).double()
    torch.nn.init.orthogonal_(rnn.weight_hh_l0, gain=rho)
    inputs, _ = draw(rnn, time=61, batch=1)
    trace = jacobians(rnn, inputs, last_only=True)
    assert trace.norms[60, 0] < 0.5 * (rho * slope) ** 60


def test_products_beyond_the_range_of_floats_end_at_zero_or_infinity():
    rnn = LinearRNN(2, 3).double()
    for gain, end in ((1e-20, 0.0), (1e20, np.inf)):
        torch.nn.init.orthogonal_(rnn.weight_hh_l0, gain=gain)
        trace = jacobians(rnn, torch.zeros(40, 1, 2, dtype=torch.float64))
        assert trace.norms[39, 0] == trace.product_bounds[39, 0] == trace.singular_values[0, 0] == end


def test_an_unbatched_sequence_of_one_step_has_one_jacobian():
    rnn = build("lstm").double()
    trace = jacobians(rnn, draw(rnn, time=1, batch=None)[0])
    assert trace.steps.shape == (1, 8, 8)
    assert trace.norms.tolist() == trace.product_bounds.tolist() == [[1.0]]


@pytest.mark.parametrize("place", [{"layer": 1}, {"layer": -1}, {"direction": 1}, {"sample": 2}, {"layer": True}])
def test_jacobians_refuses_a_place_that_is_not_there(place):
    rnn = build("gru")
    with pytest.raises(TraceError, match=r"must be a whole number in \[0, \d\]"):
        jacobians(rnn, draw(rnn)[0], **place)
