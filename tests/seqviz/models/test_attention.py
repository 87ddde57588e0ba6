"""Scores and weights agree with PyTorch's own attention, and padding gets weight 0."""

import math

import pytest
import torch
from torch.nn import functional as F

from seqviz.errors import UnknownNameError
from seqviz.experiment.model import ATTENTIONS
from seqviz.models.attention import SCORES, build_score, masked_softmax, weighted_sum

BATCH, QUERIES, SOURCE, UNITS = 3, 4, 5, 6


def built(name, state_size=UNITS, seed=0):
    generator = torch.Generator().manual_seed(seed)
    score = build_score(name, UNITS, state_size).double()
    for parameter in score.parameters():
        torch.nn.init.normal_(parameter, generator=generator)
    return score.requires_grad_(False)


def drawn(*shape, seed=1):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


QUERY, STATES = drawn(BATCH, QUERIES, UNITS), drawn(BATCH, SOURCE, UNITS, seed=2)
MASK = torch.tensor([[True] * 5, [True] * 3 + [False] * 2, [True] + [False] * 4])


def test_every_attention_of_the_settings_but_none_is_built():
    assert {"none", *SCORES} == set(ATTENTIONS)
    with pytest.raises(UnknownNameError, match="unknown attention 'none'"):
        build_score("none", 2, 2)


def test_scaled_dot_matches_torch_scaled_dot_product_attention():
    score = built("scaled")
    weights = masked_softmax(score(QUERY, score.keys(STATES)), MASK)
    expected = F.scaled_dot_product_attention(QUERY, STATES, STATES, attn_mask=MASK.unsqueeze(1))
    torch.testing.assert_close(weighted_sum(weights, STATES), expected, rtol=0, atol=1e-12)


def test_dot_and_general_match_einsum():
    dot, general = built("dot"), built("general", 2 * UNITS)
    wide = drawn(BATCH, SOURCE, 2 * UNITS, seed=3)
    torch.testing.assert_close(dot(QUERY, dot.keys(STATES)), torch.einsum("bqu,bsu->bqs", QUERY, STATES), rtol=0, atol=1e-12)
    expected = torch.einsum("bqu,uv,bsv->bqs", QUERY, general.weight, wide)
    torch.testing.assert_close(general(QUERY, general.keys(wide)), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["dot", "scaled"])
def test_a_dot_product_adds_the_states_of_both_directions(name):
    forward, backward = STATES, drawn(BATCH, SOURCE, UNITS, seed=4)
    one, both = built(name), built(name, 2 * UNITS)
    scores = both(QUERY, both.keys(torch.cat([forward, backward], dim=2)))
    torch.testing.assert_close(scores, one(QUERY, forward) + one(QUERY, backward), rtol=0, atol=1e-12)


def test_additive_matches_a_loop_over_queries_and_positions():
    score, wide = built("additive", 2 * UNITS), drawn(BATCH, SOURCE, 2 * UNITS, seed=3)
    scores = score(QUERY, score.keys(wide))
    for batch in range(BATCH):
        for query in range(QUERIES):
            for place in range(SOURCE):
                inner = score.query_weight @ QUERY[batch, query] + score.key_weight @ wide[batch, place]
                assert float(scores[batch, query, place]) == pytest.approx(float(score.value @ inner.tanh()), abs=1e-12)


@pytest.mark.parametrize("name", SCORES)
def test_one_query_scores_as_it_does_among_others(name):
    score = built(name)
    keys = score.keys(STATES)
    torch.testing.assert_close(score(QUERY[:, 2], keys), score(QUERY, keys)[:, 2], rtol=0, atol=1e-12)


def test_bahdanaus_initialisation_begins_with_exactly_uniform_weights():
    score = build_score("additive", UNITS, UNITS).double()
    score.initialise(torch.Generator().manual_seed(0))
    with torch.no_grad():
        weights = masked_softmax(score(QUERY, score.keys(STATES)), MASK)
    assert torch.equal(weights[0], torch.full((QUERIES, SOURCE), 1 / 5, dtype=torch.float64))
    assert torch.equal(weights[2, :, 0], torch.ones(QUERIES, dtype=torch.float64))
    assert 0 < score.query_weight.std() < 0.01


@pytest.mark.parametrize("shape", [(BATCH, SOURCE), (BATCH, QUERIES, SOURCE)])
def test_padded_positions_have_weight_exactly_0_and_the_rest_sums_to_1(shape):
    weights = masked_softmax(100 * drawn(*shape), MASK)
    there = MASK.view(BATCH, *(1,) * (len(shape) - 2), SOURCE).expand(shape)
    assert torch.equal(weights[~there], torch.zeros_like(weights[~there]))
    torch.testing.assert_close(weights.sum(-1), torch.ones(shape[:-1], dtype=torch.float64))
    assert not math.isnan(float(weights.sum()))
