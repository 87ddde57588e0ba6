"""What is said of a translation is what its numbers say."""

from dataclasses import replace

import numpy as np
import pytest
from plotlytext import HOSTILE, stands_as_it_is

from seqviz.corpora import alignment_error_rate
from seqviz.figures.translation import alignment_words, translation_figure, translation_finding
from seqviz.records import Translation

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
