"""What is said of a translation and of its search is what the numbers say; the tree has a place for every node."""

import math
from dataclasses import replace

import numpy as np
import pytest
from plotlytext import HOSTILE, stands_as_it_is

from seqviz.corpora import alignment_error_rate
from seqviz.figures.translation import (
    alignment_words,
    depths_and_rows,
    search_finding,
    search_tree_figure,
    translation_figure,
    translation_finding,
)
from seqviz.records import SearchTree, Translation

CROSSED = Translation(
    source=("chat", "noir"), known=np.ones(2, bool), written=("black", "cat", "<eos>"), given=np.zeros(3, bool),
    log_probabilities=np.log([0.5, 0.8, 1.0]), scores=np.zeros((3, 2)),
    weights=np.array([[0.1, 0.9], [0.8, 0.2], [0.5, 0.5]]), contexts=np.zeros((3, 4)), combined=np.zeros((3, 6)),
    alternatives=((("black", 0.5),), (("cat", 0.8),), (("<eos>", 1.0),)),
    moved=np.zeros(3, bool), handed=12, bidirectional=True, looks_before=True,
)  # fmt: skip


def test_a_right_translation_whose_attention_crosses():
    assert translation_finding(CROSSED, ("black", "cat")) == (
        "Right: “black cat” (probability 0.4). Attention goes back: "
        "“black” looks at “noir” (90 %) and “cat” looks at “chat” (80 %)."
    )


def test_a_wrong_translation_names_the_right_one():
    assert "right would be “cat black”" in translation_finding(CROSSED, ("cat", "black"))


def test_attention_that_is_spread_out_is_called_so():
    spread = replace(
        CROSSED, source=("a", "b", "c"), known=np.ones(3, bool), scores=np.zeros((3, 3)), weights=np.full((3, 3), 1 / 3)
    )
    assert "spread out: the word looked at most has a share of 0.33" in translation_finding(spread)


def test_without_attention_everything_went_through_one_vector():
    blind = replace(CROSSED, scores=None, weights=None, contexts=None)
    assert translation_finding(blind).endswith("It has no attention: all of the sentence went through 12 numbers.")


def test_attention_that_somebody_moved_or_that_never_moves_is_called_so():
    moved = replace(CROSSED, moved=np.array([True, False, False]))
    assert translation_finding(moved).endswith("Its attention was moved at 1 of the 3 words.")
    stays = replace(CROSSED, weights=np.array([[0.9, 0.1], [0.8, 0.2], [0.5, 0.5]]))
    assert translation_finding(stays).endswith("Attention stays on “chat”.")


def test_a_sentence_of_no_word_is_not_said_to_have_no_attention():
    empty = replace(
        CROSSED, written=("<eos>",), given=np.zeros(1, bool), log_probabilities=np.zeros(1), scores=np.zeros((1, 2)),
        weights=np.array([[0.5, 0.5]]), contexts=np.zeros((1, 4)), combined=np.zeros((1, 6)), moved=np.zeros(1, bool),
        alternatives=((("<eos>", 1.0),),),
    )  # fmt: skip
    assert translation_finding(empty).endswith("There is no word to look back for.")


def test_words_that_it_was_made_to_write_name_the_end_only_where_there_is_one():
    cut = replace(CROSSED, written=("black", "cat", "dog"), given=np.ones(3, bool))
    assert "<eos>" not in translation_finding(cut)
    assert "<eos> among them" in translation_finding(replace(CROSSED, given=np.ones(3, bool)))


def test_alignment_error_rate_counts_the_words_but_not_the_end():
    assert alignment_words(CROSSED, {(1, 0), (0, 1)}).startswith("Alignment error rate against them: 0; 0 where")
    assert "0.5" in alignment_words(CROSSED, {(0, 0), (0, 1)})


def test_what_no_attention_can_reach_is_told_where_words_have_several_links():
    links = {(1, 0), (0, 1), (1, 1)}
    assert alignment_words(CROSSED, links).endswith("no attention can do better than 0.2.")
    assert alignment_error_rate({(1, 0), (0, 1)}, frozenset(links)) == pytest.approx(0.2)
    assert "knows its neighbours" in alignment_words(CROSSED, {(0, 0), (0, 1)})
    assert "knows its neighbours" not in alignment_words(CROSSED, links)


def test_the_map_has_a_row_for_each_word_but_the_end():
    drawn = translation_figure(CROSSED)
    assert list(drawn.layout.yaxis.ticktext) == ["black", "cat"]
    assert list(drawn.layout.xaxis.ticktext) == ["chat", "noir"]
    assert drawn.data[0].z.shape == (2, 2)


def test_words_stand_as_they_are_beside_the_map():
    assert stands_as_it_is(translation_figure(replace(CROSSED, source=(HOSTILE, "noir"))))


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
