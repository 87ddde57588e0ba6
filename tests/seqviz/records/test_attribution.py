"""Kendall's τ is its definition, ties counted, and shares of nothing are nothing."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from seqviz.records import Attribution, ForcedAttention
from seqviz.records.attribution import kendall_tau


def by_definition(one, other):
    """Concordant less discordant pairs, over the geometric mean of the pairs that each side orders."""
    balance = ordered_here = ordered_there = 0
    for (a, b), (c, d) in itertools.combinations(zip(one, other, strict=True), 2):
        balance += (a > c) * (b > d) + (a < c) * (b < d) - (a > c) * (b < d) - (a < c) * (b > d)
        ordered_here += a != c
        ordered_there += b != d
    return balance / math.sqrt(ordered_here * ordered_there)


@pytest.mark.parametrize("values", [5, 100])  # few values: many ties
def test_kendall_tau_is_its_definition(values):
    random = np.random.default_rng(0)
    for _ in range(50):
        one, other = random.integers(0, values, (2, 9)).astype(float)
        assert kendall_tau(one, other) == pytest.approx(by_definition(one.tolist(), other.tolist()), abs=1e-12)


def test_kendall_tau_of_what_has_no_order_is_no_number():
    assert math.isnan(kendall_tau(np.ones(4), np.arange(4.0)))
    assert math.isnan(kendall_tau(np.ones(1), np.ones(1)))


def test_kendall_tau_of_one_swap():
    assert kendall_tau(np.array([1.0, 2, 3, 4]), np.array([1.0, 3, 2, 4])) == pytest.approx(4 / 6)


FORCED = ForcedAttention(distances=np.zeros((2, 2)), log_probabilities=np.log([[0.5, 0.5], [0.1, 1.0]]))
RECORD = Attribution(
    source=("a", "b"), written=("c", "<eos>"), weights=np.array([[0.9, 0.1], [0.5, 0.5]]),
    products=np.array([[-3.0, 1.0], [0.0, 0.0]]), log_probabilities=np.log([0.5, 0.4]), uniform=FORCED, permuted=FORCED,
)  # fmt: skip


def test_shares_are_of_sizes_and_a_word_that_owes_nothing_has_zeros():
    np.testing.assert_allclose(RECORD.shares, [[0.75, 0.25], [0, 0]])


def test_a_translations_probability_is_the_product_of_its_words():
    assert RECORD.probability == pytest.approx(0.2)
    np.testing.assert_allclose(FORCED.probabilities, [0.25, 0.1])


def test_agreement_looks_at_sizes_alone():
    assert RECORD.agreement[0] == 1
    assert math.isnan(RECORD.agreement[1])
    assert replace(RECORD, products=-RECORD.products).agreement[0] == 1
