"""Sentences to look at are held out, some way apart, and those whose order changes come first."""

import pytest

from seqviz.corpora import held_out
from seqviz.corpora.pair import SentencePair
from seqviz.corpora.samples import SHORTEST, crosses, samples


def test_samples_are_held_out_long_enough_and_cross():
    found = samples("fr-en", 12, 12)
    assert len(set(found)) == 12
    assert set(found) <= set(held_out("fr-en", 480, 12))
    assert all(len(pair.source) >= SHORTEST and crosses(pair) for pair in found)


@pytest.mark.parametrize("corpus", ["copying", "reversal"])
def test_where_the_order_never_changes_or_always_there_are_samples_all_the_same(corpus):
    assert len(samples(corpus, 12, 3)) == 3


def test_left_to_right_does_not_cross():
    assert not crosses(SentencePair(("le", "chat"), ("the", "cat"), frozenset({(0, 0), (1, 1)})))
