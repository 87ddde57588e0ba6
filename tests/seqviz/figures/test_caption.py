"""What is said of a caption and of the pointing game is true of the numbers."""

from dataclasses import replace

import numpy as np
import pytest

from seqviz.figures.caption import (
    caption_finding,
    heads_figure,
    heads_finding,
    pointing_figure,
    pointing_finding,
    relation_place,
    relation_words,
    telling_word,
)
from seqviz.records import Captioning, PointingGame

STAR = ("a", "small", "blue", "star")


def captioning(words=STAR, ended=True, inside=0.75, chance=0.5):
    written = (*words, "<eos>") if ended else words
    count = len(written)
    regions = np.zeros((count, 8, 8), dtype=bool)
    regions[: len(words), 2, 3:5] = True
    weights = np.full((count, 8, 8), (1 - inside) / 62)
    weights[:, 2, 3:5] = inside / 2
    return Captioning(
        picture=np.ones((64, 64, 3), dtype=np.float32), written=written, given=np.zeros(count, dtype=bool),
        log_probabilities=np.full(count, np.log(chance) / count), scores=np.log(weights), weights=weights,
        annotations=np.zeros((8, 8, 2)), contexts=np.zeros((count, 2)), alternatives=(((written[0], 1.0),),) * count,
        regions=regions, true=(STAR,),
    )  # fmt: skip


def test_a_true_caption_is_called_true_with_its_probability_and_what_a_word_looks_at():
    assert caption_finding(captioning()) == (
        "True: “a small blue star” (probability 0.5). While it writes “star”, 75 % of its attention is on what it names, "
        "3.1 % of the picture: 24 times chance."
    )


def test_a_wrong_caption_is_called_wrong_and_the_true_one_is_told():
    said = caption_finding(captioning(("a", "small", "blue", "cross")))
    assert said.startswith("Not true: “a small blue cross” (probability 0.5); true would be “a small blue star”.")


def test_a_caption_without_end_is_said_to_have_none():
    assert caption_finding(captioning(ended=False)).startswith("It does not come to an end: “a small blue star”.")


def test_attention_that_is_elsewhere_is_said_to_be():
    assert "it looks elsewhere: only 1.0 % of its attention" in caption_finding(captioning(inside=0.01))


def test_whose_attention_it_is_is_said_of_the_mean_of_heads_and_of_one():
    record = captioning()
    several = replace(record, heads=np.stack([record.weights, captioning(inside=0.25).weights], axis=1))
    assert "“star”, 75 % of the mean attention of its 2 heads is on what it names" in caption_finding(several)
    assert "“star”, 25 % of head 2's attention is on what it names" in caption_finding(several.through(2))


def test_words_that_name_nothing_are_said_to_name_nothing():
    record = replace(captioning(), regions=np.zeros((5, 8, 8), dtype=bool))
    assert caption_finding(record).endswith("None of its words names a thing in the picture.")
    assert telling_word(record) == 0


def test_the_telling_word_is_the_last_shape_that_is_there():
    assert telling_word(captioning()) == 3


def game(hits=0.9, relation=(0.2, 0.5, 0.3), pictures=20):
    places = ("1st how many", "1st size", "1st colour", "1st shape", "relation", "2nd colour", "2nd shape")
    return PointingGame(
        places=places, pictures=np.full(7, pictures), hits=np.full(7, hits), inside=np.full(7, 0.6), areas=np.full(7, 0.1),
        relation=np.array(relation), true=0.9, drawn=pictures,
    )  # fmt: skip


def test_pointing_is_told_beside_chance():
    assert pointing_finding(game()) == (
        "At a word for a colour or a shape, 90 % of the looks are strongest at a cell of the things meant; by chance it would "
        "be 10 % (20 held-out pictures)."
    )
    aside = replace(game(pictures=400), hits=np.array([0.05, *[0.9] * 6]))
    assert pointing_finding(aside).endswith("(400 held-out pictures). Less than by chance: 1st how many.")
    assert "Less than by chance" not in pointing_finding(replace(aside, pictures=np.full(7, 20)))  # too few to tell
    assert "no more than by chance (10 %)" in pointing_finding(game(hits=0.12))
    assert pointing_finding(game(pictures=0)) == "None of these pictures has been looked at."


def test_each_head_is_told_by_the_word_at_which_it_points_best():
    first = replace(game(), head=1, hits=np.array([0.1, 0.2, 0.3, 0.9, 0.4, 0.5, 0.6]))
    second = replace(game(), head=2, hits=np.array([0.1, 0.2, 0.3, 0.7, 0.95, 0.5, 0.6]))
    both = replace(game(), heads=(first, second))
    assert heads_finding(both) == (
        "Most often at what the word is about look head 1 (90 %) at the word for the 1st shape; head 2 (95 %) at the word for "
        "the relation."
    )
    drawn = heads_figure(both)
    np.testing.assert_allclose(drawn.data[0].customdata, [first.hits, second.hits], atol=1e-6)
    assert (list(drawn.data[0].x), list(drawn.data[0].y)) == (list(first.places), ["1", "2"])
    assert "90 % of the mean looks of its 2 heads are strongest" in pointing_finding(both)
    assert "90 % of head 1's looks" in pointing_finding(replace(first, hits=np.full(7, 0.9)))
    assert relation_words(both).startswith("On average 20 % of the mean attention of its 2 heads is on the group named already")
    assert heads_finding(game()) == "No head has been looked at."


def test_figure_holds_the_records_numbers_and_leaves_out_places_never_reached():
    record = game()
    record = replace(record, pictures=np.array([20, 20, 20, 20, 0, 20, 20]))
    drawn = pointing_figure(record)
    assert [trace.name for trace in drawn.data][2].startswith("chance")
    for trace, values in zip(drawn.data, (record.hits, record.inside, record.areas), strict=True):
        assert list(trace.y) == [place for place in record.places if place != "relation"]
        np.testing.assert_array_equal(trace.x, values[record.pictures > 0])
    assert drawn.layout.title.text == pointing_finding(record)


@pytest.mark.parametrize(
    ("relation", "place"),
    [((0.1, 0.7, 0.2), "second"), ((0.7, 0.1, 0.2), "first"), ((0.4, 0.35, 0.25), "both"), ((0.2, 0.2, 0.6), "neither")],
)
def test_where_it_looks_at_a_relation_is_the_largest_part(relation, place):
    assert relation_place(game(relation=relation)) == place


def test_the_parts_of_the_look_at_a_relation_are_told():
    assert relation_words(game()) == (
        "On average 20 % of its attention is on the group named already, 50 % on the one still to come, and 30 % on neither."
    )
