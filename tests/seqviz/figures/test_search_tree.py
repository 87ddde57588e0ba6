"""A search's tree has a place for every node, the best hypothesis thick, and says how it compares with greedy search."""

import math

import numpy as np
from plotlytext import HOSTILE, stands_as_it_is

from seqviz.figures.search_tree import depths_and_rows, search_finding, search_tree_figure
from seqviz.records import SearchTree

TREE = SearchTree(  # a → (b, c), d → e; a·c is best
    token=np.array([4, 7, 5, 6, 8]), parent=np.array([-1, -1, 0, 0, 1]), log_probability=np.log([0.6, 0.4, 0.3, 0.7, 0.9]),
    total=np.log([0.6, 0.4, 0.18, 0.42, 0.36]), weights=None, found=np.array([3, 4]), ranks=np.log([0.42, 0.36]),
)  # fmt: skip
WORDS = ("a", "d", "b", "c", "e")


def test_every_node_has_a_place_of_its_own_beside_its_parent():
    depth, row = depths_and_rows(TREE)
    assert depth.tolist() == [1, 1, 2, 2, 2]
    assert len({*zip(depth.tolist(), row.tolist(), strict=True)}) == 5
    assert row[3] == row[0] == 0  # the likeliest branch goes straight on, at the top
    assert row[4] == row[1]


def test_the_best_hypothesis_is_thick_and_is_the_title():
    drawn = search_tree_figure(TREE, WORDS)
    others, best, nodes = drawn.data
    assert best.line.width > others.line.width
    assert [x for x in best.x if x is not None] == [0, 1, 1, 2]
    assert list(nodes.text) == list(WORDS)
    assert drawn.layout.meta["finding"] == "The best of 2: “a c”, probability 0.42."


def test_a_beam_can_lose_to_greedy_search_and_says_so():
    assert search_finding(TREE, WORDS, 0.42) == "The best of 2: “a c”, probability 0.42: what greedy search writes too."
    assert search_finding(TREE, WORDS, 0.3).endswith("greedy search's has 0.3.")
    assert search_finding(TREE, WORDS, 0.5).endswith("greedy search's has 0.5, more: the beam lost it on the way.")


def test_one_hypothesis_is_a_line():
    alone = SearchTree(
        token=np.array([4, 2]), parent=np.array([-1, 0]), log_probability=np.zeros(2), total=np.zeros(2), weights=None,
        found=np.array([1]), ranks=np.zeros(1),
    )  # fmt: skip
    depth, row = depths_and_rows(alone)
    assert (depth.tolist(), row.tolist()) == ([1, 2], [0, 0])
    assert math.isclose(np.exp(alone.total[-1]), 1)


def test_words_stand_as_they_are_at_the_nodes():
    assert stands_as_it_is(search_tree_figure(TREE, (HOSTILE, *WORDS[1:])))
