"""Backpropagation by hand gives what autograd gives, also where numbers leave the range of floats."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from seqviz.errors import TraceError, UnknownNameError
from seqviz.measures.chains import SCALAR_ACTIVATIONS, scalar_chain, scalar_unroll

ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "linear": lambda values: values}

# Pascanu, Mikolov & Bengio (2013), equation 8: x_t = w·σ(x_{t-1}) + b, 50 steps, E = (σ(x_50) - 0.7)², x_0 = 0.5
CLIFF = [
    (5, -2.5, 0.02408886881, 0.086311669, 0.10092502),
    (5, -2.4, 0.03300474131, 0.06986467, 0.079241106),
    (5, -2.6, 0.01209521137, 0.11945868, 0.14760181),
    (4, -2, 0.01673663294, -1.0445294, -1.7879042),
    (6, -3, 0.05256923509, 0.046236395, 0.049755084),
    (1, 0, 0.001677224513, -0.015645358, -0.023739399),
    (4.94, -2.575, 0.07678191856, -1753.582168, -2819.078193),
]


@pytest.mark.parametrize(("w", "b", "error", "by_w", "by_b"), CLIFF)
def test_scalar_unroll_gives_the_published_cliff(w, b, error, by_w, by_b):
    start = 1 / (1 + math.exp(-0.5))
    unrolled = scalar_unroll([0.0] * 50, w, b=b, activation="sigmoid", initial=start, target=0.7)
    assert 2 * unrolled.loss == pytest.approx(error, rel=1e-8)  # the paper's E has no ½
    assert 2 * unrolled.weight_terms.sum() == pytest.approx(by_w, rel=1e-7)
    assert 2 * unrolled.to_preactivation.sum() == pytest.approx(by_b, rel=1e-7)


@pytest.mark.parametrize("activation", SCALAR_ACTIVATIONS)
def test_scalar_unroll_matches_autograd(activation):
    inputs = [0.7, -1.2, 0.3, 2.0, -0.4]
    unrolled = scalar_unroll(inputs, 0.8, 0.6, 0.2, activation=activation, initial=0.5, target=-0.3)
    w = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
    hidden = [torch.tensor(0.5, dtype=torch.float64, requires_grad=True)]
    before = []
    for value in inputs:
        before.append(w * hidden[-1] + 0.6 * value + 0.2)
        hidden.append(ACTIVATIONS[activation](before[-1]))
    loss = (hidden[-1] + 0.3) ** 2 / 2
    by_w, *gradients = torch.autograd.grad(loss, [w, *hidden, *before], retain_graph=True)
    expected = np.array([float(one) for one in gradients])
    assert unrolled.loss == pytest.approx(loss.item())
    np.testing.assert_allclose(unrolled.to_hidden, expected[:6], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(unrolled.to_preactivation, expected[6:], rtol=1e-12, atol=1e-15)
    assert unrolled.weight_terms.sum() == pytest.approx(by_w.item())
    steps = [torch.autograd.grad(h, before_h, retain_graph=True)[0].item() for before_h, h in pairwise(hidden)]
    np.testing.assert_allclose(unrolled.local_recurrent, steps, rtol=1e-12, atol=1e-15)


def test_scalar_chain_matches_autograd():
    factors = torch.tensor([0.5, -2.0, 3.0, 0.1], dtype=torch.float64)
    values = [torch.tensor(2.0, dtype=torch.float64, requires_grad=True)]
    for factor in factors:
        values.append(factor * values[-1])
    chain = scalar_chain(factors.tolist(), start=2.0)
    expected = [one.item() for one in torch.autograd.grad(values[-1], values)]
    np.testing.assert_allclose(chain.values, [one.item() for one in values])
    np.testing.assert_allclose(chain.derivatives, expected)
    np.testing.assert_allclose(10**chain.log10_sizes, np.abs(expected))


@pytest.mark.parametrize(("factor", "size"), [(10.0, 500.0), (0.1, -500.0)])
def test_scalar_chain_keeps_the_size_where_floats_over_or_underflow(factor, size):
    chain = scalar_chain([factor] * 500)
    assert chain.derivatives[0] == (0.0 if factor < 1 else np.inf)
    assert chain.log10_sizes[0] == pytest.approx(size, rel=1e-13)


def test_scalar_chain_with_a_factor_of_zero_ends_all_derivatives_before_it():
    chain = scalar_chain([2.0, 0.0, 3.0])
    assert chain.derivatives.tolist() == [0.0, 0.0, 3.0, 1.0]
    assert chain.log10_sizes[0] == -np.inf


@pytest.mark.parametrize("factors", [[], [1.0, math.nan], [math.inf]])
def test_scalar_chain_refuses_what_is_no_chain(factors):
    with pytest.raises(TraceError, match="one or more finite numbers"):
        scalar_chain(factors)


def test_scalar_unroll_names_the_activations_it_knows():
    with pytest.raises(UnknownNameError, match="known: tanh, relu, sigmoid, linear"):
        scalar_unroll([1.0], 0.5, activation="swish")
