"""Patterns of heads are the means that they say they are, over the queries that have a choice."""

import numpy as np
import pytest

from seqviz.records import AttentionHeads


def heads(weights, kind="self", **tokens):
    weights = np.asarray(weights, dtype=np.float32)[None, None]
    queries, keys = weights.shape[2:]
    vectors = {
        name: np.zeros((1, 1, count, 4), np.float32) for name, count in (("queries", queries), ("keys", keys), ("values", keys))
    }
    named = {"queries_of": tuple("abcdef"[:queries]), "keys_of": tuple("abcdef"[:keys]), **tokens}
    with np.errstate(divide="ignore"):
        return AttentionHeads(kind=kind, scores=np.log(weights), weights=weights, **named, **vectors)


def pattern(record, place):
    return float(record.patterns[place][0, 0])


def test_patterns_are_means_over_the_queries_that_have_such_a_key():
    record = heads([[0.1, 0.2, 0.7], [0.5, 0.3, 0.2], [0.2, 0.6, 0.2]])
    assert pattern(record, "before") == pytest.approx((0.5 + 0.6) / 2)
    assert pattern(record, "itself") == pytest.approx((0.1 + 0.3 + 0.2) / 3)
    assert pattern(record, "after") == pytest.approx((0.2 + 0.2) / 2)
    assert pattern(record, "first") == pytest.approx((0.5 + 0.2) / 2)
    assert pattern(record, "last") == pytest.approx((0.7 + 0.2) / 2)


def test_what_masked_attention_settles_by_itself_counts_for_nothing():
    record = heads([[1, 0, 0], [0.9, 0.1, 0], [0.2, 0.3, 0.5]], kind="masked self")
    assert pattern(record, "itself") == pytest.approx((0.1 + 0.5) / 2)
    assert pattern(record, "before") == pytest.approx((0.9 + 0.3) / 2)
    assert "after" not in record.patterns
    assert "last" not in record.patterns
    assert record.evenly["before"] == pytest.approx((1 / 2 + 1 / 3) / 2)


def test_even_attention_is_what_the_mean_would_be_without_preference():
    record = heads(np.full((4, 4), 0.25))
    assert record.evenly == pytest.approx(dict.fromkeys(("before", "itself", "after", "first", "last"), 0.25))
    assert {place: float(mean[0, 0]) for place, mean in record.patterns.items()} == pytest.approx(record.evenly)


def test_cross_attention_has_no_neighbours():
    assert set(heads([[0.3, 0.7], [0.9, 0.1], [1, 0]], kind="cross").patterns) == {"first", "last"}


def test_one_token_has_no_patterns():
    assert not heads([[1.0]]).patterns
    assert heads([[1.0]]).scale == 2
