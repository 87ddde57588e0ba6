"""Scores have variance d_k within sampling error, 1 when divided; the gradients left are autograd's; attention is PyTorch's."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from seqviz.answers.scaling import answer_scaling
from seqviz.records import PLAIN, SCALED
from seqviz.subjects.scaling import WIDTHS, RandomAttention
from seqviz.tracing.scaling import scaled_attention, softmax_gradient_norms

SURE = 4.9  # standard deviations: one normal draw in a million is beyond them


def draws(sequences=2, queries=3, keys=4, width=5, seed=0):
    generator = torch.Generator().manual_seed(seed)

    def drawn(count, wide):
        return torch.randn(sequences, count, wide, generator=generator, dtype=torch.float64)

    return drawn(queries, width), drawn(keys, width), drawn(keys, 6), drawn(queries, 6)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("keys", [2, 32])
def test_the_variance_is_d_k_and_1_when_divided_within_sampling_error(width, keys):
    record = answer_scaling(RandomAttention(width=width, keys=keys, seed=1))
    assert abs(record.variances[PLAIN] - width) < SURE * record.standard_error
    assert abs(record.variances[SCALED] - 1) < SURE * record.standard_error / width


@pytest.mark.parametrize("width", [1, 8, 512])
def test_given_the_queries_the_sum_of_squared_scores_follows_chi_square(width):
    generator = torch.Generator().manual_seed(width)
    queries = torch.randn(5000, 1, width, generator=generator, dtype=torch.float64)
    keys = torch.randn(5000, 1, width, generator=generator, dtype=torch.float64)  # one key for each query: all independent
    record = scaled_attention(queries, keys, keys, queries)
    total = (record.scores.ravel() ** 2 / queries.square().sum(-1).numpy().ravel()).sum()
    low, high = (5000 * (1 - 2 / 45000 + way * SURE * math.sqrt(2 / 45000)) ** 3 for way in (-1, 1))  # Wilson-Hilferty
    assert low < total < high


def test_the_standard_error_is_the_spread_of_the_variance_over_many_draws():
    found = [answer_scaling(RandomAttention(width=3, keys=16, seed=seed)) for seed in range(400)]
    spread = np.std([record.variances[PLAIN] for record in found])
    assert spread == pytest.approx(found[0].standard_error, rel=0.2)


def test_the_softmax_jacobian_is_autograds():
    scores = torch.randn(7, generator=torch.Generator().manual_seed(3), dtype=torch.float64) * 3
    jacobian = torch.autograd.functional.jacobian(lambda each: torch.softmax(each, -1), scores)
    assert float(softmax_gradient_norms(torch.softmax(scores, -1))) == pytest.approx(float(jacobian.norm()), rel=1e-12)


@pytest.mark.parametrize("gap", [5.0, 40.0, 300.0])
def test_the_jacobian_of_two_keys_is_2_p_q_however_small_q_is(gap):
    weights = torch.softmax(torch.tensor([gap, 0.0], dtype=torch.float64), -1)
    small = math.exp(-gap) / (1 + math.exp(-gap))
    assert float(softmax_gradient_norms(weights)) == pytest.approx(2 * small * (1 - small), rel=1e-12)


@pytest.mark.parametrize("way", [PLAIN, SCALED])
def test_the_gradient_at_the_queries_is_autograds_through_pytorchs_own_attention(way):
    queries, keys, values, arriving = draws()
    record = scaled_attention(queries, keys, values, arriving)
    queries.requires_grad_(True)
    given = F.scaled_dot_product_attention(queries, keys, values, scale=(1.0, 5**-0.5)[way])
    (gradient,) = torch.autograd.grad((given * arriving).sum(), queries)
    np.testing.assert_allclose(record.query_gradients[way], gradient.norm(dim=-1).numpy(), rtol=1e-12)
    assert record.disagreement < 1e-14


def test_weights_and_entropies_of_a_case_worked_by_hand():
    queries = torch.tensor([[[4.0, 0.0, 0.0, 0.0]]], dtype=torch.float64)
    keys = torch.tensor([[[math.log(3) / 2, 0, 0, 0], [0, 0, 0, 0]]], dtype=torch.float64)  # scores 2·ln 3 and 0
    record = scaled_attention(queries, keys, keys, queries)
    assert record.largest.ravel() == pytest.approx([0.9, 0.75])  # divided by √4 they are ln 3 and 0
    assert record.entropy.ravel() == pytest.approx(
        [-0.9 * math.log2(0.9) - 0.1 * math.log2(0.1), 0.75 * math.log2(4 / 3) + 0.5]
    )
    assert record.softmax_gradients.ravel() == pytest.approx([2 * 0.09, 2 * 0.1875])
