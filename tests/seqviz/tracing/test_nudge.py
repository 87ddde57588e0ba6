"""A nudge's exact change is that of reading again; the prediction is the Jacobian's, and they agree to first order."""

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.errors import TraceError
from seqviz.models.cells import SigmoidRNN
from seqviz.tracing.nudge import directional_derivative, nudge

SIZES = np.array([1e-4, 1e-3, 0.01, 0.1, 1.0, 10.0])
MODULES = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU, "sigmoid": SigmoidRNN}


def network(kind, **sizes):
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return MODULES[kind](3, 6, batch_first=True, **sizes).double(), torch.randn(12, 3, dtype=torch.float64)


def direction(seed=0):
    along = torch.randn(3, generator=torch.Generator().manual_seed(seed + 2**31), dtype=torch.float64)
    return along / along.norm()


@pytest.mark.parametrize("kind", MODULES)
def test_prediction_is_the_jacobian_of_autograd_times_the_direction(kind):
    rnn, inputs = network(kind, num_layers=2)
    found = nudge(rnn, inputs, 4, SIZES)

    def states(point):
        return rnn(torch.cat([inputs[:4], point.unsqueeze(0), inputs[5:]]).unsqueeze(0))[0][0, 4:]

    jacobian = torch.autograd.functional.jacobian(states, inputs[4])
    np.testing.assert_allclose(found.predicted, (jacobian @ direction()).norm(dim=1).numpy(), rtol=1e-10)


@pytest.mark.parametrize("kind", MODULES)
def test_change_is_that_of_reading_the_nudged_sequence_again(kind):
    rnn, inputs = network(kind)
    found = nudge(rnn, inputs, 4, SIZES, seed=7)
    moved = inputs.clone()
    moved[4] += 0.1 * direction(7)
    change = (rnn(moved.unsqueeze(0))[0] - rnn(inputs.unsqueeze(0))[0])[0, 4:].norm(dim=1)
    np.testing.assert_allclose(found.changes[3], change.detach().numpy(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_they_agree_to_first_order_for_small_nudges_and_part_for_large_ones(kind):
    rnn, inputs = network(kind)
    shares = nudge(rnn, inputs, 4, SIZES).relative_errors[:, 2]
    assert shares[1] / shares[0] == pytest.approx(10, rel=0.02)  # an error of second order, relative to a change of first
    assert shares[0] < 1e-3
    assert shares[-1] > 0.1


def test_prediction_agrees_with_finite_differences():
    rnn, inputs = network("gru")
    assert nudge(rnn, inputs, 4, SIZES).agreement.relative_error < 1e-6


def test_what_is_too_small_for_float64_has_no_relative_error():
    rnn, inputs = network("rnn")
    with torch.no_grad():
        rnn.weight_hh_l0 *= 1e-3
    found = nudge(rnn, inputs, 0, SIZES)
    assert np.isnan(found.relative_errors[:, -1]).all()
    assert np.isfinite(found.relative_errors[:, 0]).all()


def test_directional_derivative_of_a_known_function():
    found = directional_derivative(lambda point: point**2, torch.tensor([3.0, 4.0]), torch.tensor([1.0, 0.5]))
    assert found.tolist() == [6.0, 4.0]


def test_the_network_is_left_as_it_was():
    rnn, inputs = network("lstm")
    nudge(rnn, inputs, 4, SIZES)
    assert all(weight.grad is None and weight.requires_grad for weight in rnn.parameters())


def test_a_step_that_is_not_there_and_no_size_are_refused():
    rnn, inputs = network("rnn")
    with pytest.raises(TraceError, match=r"time must be a whole number in \[0, 11\], got 12"):
        nudge(rnn, inputs, 12, SIZES)
    with pytest.raises(TraceError, match="at least one size"):
        nudge(rnn, inputs, 1, np.array([]))
