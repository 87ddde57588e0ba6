"""The gradient's reach equals autograd's at every bias and distance, and σ(bias)^T where gates are of the bias alone."""

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.experiment import RecurrentConfig
from seqviz.models import build_network
from seqviz.subjects.forget_bias import ForgetBiases, ForgetBiasPlace
from seqviz.tracing.forget_bias import INPUTS, forget_bias_reach, reach_agreement


def by_autograd(subject, seed, bias, distance):
    """The same share by autograd through PyTorch's own cell, from a first cell state that is a leaf."""
    generator = torch.Generator().manual_seed(seed)
    config = RecurrentConfig(name="lstm", hidden_size=subject.hidden_size, forget_bias=bias)
    model = build_network(config, input_size=INPUTS, output_size=1, answer="last", generator=generator).double()
    inputs = torch.randn(subject.length, INPUTS, generator=generator, dtype=torch.float64)
    cell = nn.LSTMCell(INPUTS, subject.hidden_size).double()
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in model.rnn.state_dict().items()})
    first = torch.zeros(1, subject.hidden_size, dtype=torch.float64, requires_grad=True)
    hidden, state = torch.zeros_like(first), first
    for one in inputs[:distance]:
        hidden, state = cell(one.unsqueeze(0), (hidden, state))
    open_share = hidden / state.tanh()  # the output gate, which the last cell state does not reach
    loss = (model.readout(hidden) - 1.5).square().sum()
    answered = model.readout(open_share.detach() * (last := state.detach().requires_grad_()).tanh())
    at_end = torch.autograd.grad((answered - 1.5).square().sum(), last)[0]
    return float(torch.autograd.grad(loss, first)[0].norm() / at_end.norm())


@pytest.mark.parametrize("bias", [-2.0, 1.0, 6.0])
@pytest.mark.parametrize("distance", [1, 2, 9])
def test_shares_equal_autograds(bias, distance):
    subject = ForgetBiases(length=9, hidden_size=5, seeds=2, seed=3)
    record = forget_bias_reach(subject)
    place = subject.biases.index(bias)
    for index in (0, 1):
        expected = by_autograd(subject, 3 + index, bias, distance)
        assert record.shares[index, place, distance - 1] == pytest.approx(expected, rel=1e-9)


def test_where_gates_depend_on_the_bias_alone_it_is_the_product_of_forget_gates_exactly():
    record = forget_bias_reach(ForgetBiases(length=60, hidden_size=4, seeds=2, gates_alone=True))
    forget = 1 / (1 + np.exp(-record.biases))
    expected = np.broadcast_to(forget[:, None] ** np.arange(1, 61), record.shares.shape)
    np.testing.assert_allclose(record.shares, expected, rtol=1e-10)
    np.testing.assert_allclose(record.products, expected[0], rtol=1e-12)


def test_the_full_gradient_is_another_and_counts_the_paths_through_gates():
    record = forget_bias_reach(ForgetBiases(length=30, hidden_size=8, seeds=1))
    assert np.abs(np.log(record.shares[0] / record.products)).max() > 0.1


def test_known_forget_gates_over_sixty_steps():
    record = forget_bias_reach(ForgetBiases(length=60, hidden_size=1, seeds=1))
    known = {0.0: 8.7e-19, 1.0: 6.9e-9, 2.0: 4.9e-4, 3.0: 0.054, 5.0: 0.67}
    for bias, share in known.items():
        assert record.products[list(record.biases).index(bias), -1] == pytest.approx(share, rel=0.02)


def test_the_gradient_agrees_with_finite_differences_where_they_resolve_it():
    assert reach_agreement(ForgetBiasPlace(length=30, hidden_size=6, bias=3.0, distance=20)).relative_error < 1e-6
    assert "smaller than" in reach_agreement(ForgetBiasPlace(length=100, hidden_size=6, bias=-2.0, distance=100)).sentence
