"""Copies, reversals and sorted sequences are what they are called, and each symbol is linked to where it came from."""

from itertools import pairwise

import pytest

from seqviz.corpora import learned

ANSWERS = {
    "copying": tuple,
    "reversal": lambda source: tuple(reversed(source)),
    "sorting": lambda source: tuple(sorted(source)),
}


@pytest.mark.parametrize("slug", ANSWERS)
def test_the_answer_is_right_and_each_symbol_is_linked_to_itself_once(slug):
    for pair in learned(slug, 1000, 12):
        assert pair.target == ANSWERS[slug](pair.source)
        assert (
            sorted(here for here, _ in pair.links) == sorted(there for _, there in pair.links) == list(range(len(pair.source)))
        )
        assert all(pair.source[here] == pair.target[there] for here, there in pair.links)


def test_of_equal_symbols_the_first_comes_first():
    for pair in learned("sorting", 300, 12):
        links = sorted(pair.links, key=lambda link: link[1])
        for (here, there), (later, after) in pairwise(links):
            assert pair.target[there] != pair.target[after] or here < later
