"""What the figures of the encoder draw and say is computed from the record: the median of the norms, and where points lie."""

from dataclasses import replace

import numpy as np
import pytest
from plotlytext import HOSTILE, stands_as_it_is

from seqviz.corpora.traits import TRAITS
from seqviz.figures.encoder import (
    chain_finding,
    encoder_gradient_figure,
    explained_by,
    gradient_finding,
    sentence_states_figure,
)
from seqviz.records import Agreement, EncoderGradient, SentenceStates

CHECK = Agreement(relative_error=1e-9, gradient=1.0, difference=1.0)


def traced(whole, chain, last=None):
    whole, chain = np.array(whole, dtype=float), np.array(chain, dtype=float)
    last = whole / 2 if last is None else np.array(last, dtype=float)
    sentences = tuple(("le",) * whole.shape[1] for _ in whole)
    return EncoderGradient(
        source=sentences, target=sentences, whole=whole, whole_chain=chain, last=last, last_chain=chain / 2, agreement=CHECK
    )


ATTENTION = traced([[4, 2, 2], [4, 2, 2]], [[0.04, 0.1, 1], [0.04, 0.1, 1]])
PLAIN = traced([[0.002, 0.1, 2]], [[0.002, 0.1, 2]], last=[[0.0, 0.1, 2]])


def test_the_title_compares_the_first_words_gradient_with_the_last_ones():
    found = {"with attention": ATTENTION, "without attention": PLAIN}
    assert gradient_finding(found, "whole", "Before training") == (
        "Before training, the first word's gradient is 2 times the last word's with attention and 0.1 % of the last word's "
        "without attention."
    )
    assert gradient_finding({"without attention": PLAIN}, "last", "") == (
        "The first word's gradient is 0 % of the last word's without attention."
    )


def test_the_chain_is_drawn_and_told_only_where_there_is_another_way():
    drawn = encoder_gradient_figure({"with attention": ATTENTION, "without attention": PLAIN})
    assert [trace.name for trace in drawn.data] == [
        "with attention", "with attention, through the chain alone", "without attention",
    ]  # fmt: skip
    np.testing.assert_allclose(drawn.data[1].y, [0.04, 0.1, 1])
    assert chain_finding({"with attention": ATTENTION, "without attention": PLAIN}, "whole") == (
        "With attention, what comes through the decoder's first state alone is 1 % as large at the first word."
    )


def test_one_lost_sentence_does_not_rule_the_curve():
    norms = [[4.0, 2, 2], [5, 2, 2], [4000, 2000, 2000]]
    drawn = encoder_gradient_figure({"without attention": traced(norms, norms)})
    assert list(drawn.data[0].y) == [5, 2, 2]


def test_a_zero_is_marked_on_the_log_axis_and_one_sentences_words_stand_on_it():
    drawn = encoder_gradient_figure({"without attention": PLAIN}, of="last")
    assert any((trace.meta or {}).get("mark", "").startswith("0") for trace in drawn.data)
    assert list(drawn.layout.xaxis.ticktext) == ["le", "le", "le"]
    assert drawn.layout.yaxis.type == "log"


def test_two_figures_can_share_an_axis():
    alone = encoder_gradient_figure({"without attention": PLAIN}).layout.yaxis.range
    wide = encoder_gradient_figure({"without attention": PLAIN}, within=[np.array([1e-9])]).layout.yaxis.range
    assert wide[0] < alone[0]
    assert wide[1] == alone[1]


def test_words_stand_as_they_are_under_the_curves():
    assert stands_as_it_is(encoder_gradient_figure({"without attention": replace(PLAIN, source=((HOSTILE, "b", "c"),))}))


SOURCE = (("je", "dors"), ("nous", "dormons", "ici"), ("elle", "dort"), ("ils", "dorment", "maintenant"))
PLACES = np.array([[-1.0, 0.1], [1.0, -0.1], [-1.0, -0.1], [1.0, 0.1]])


def states(places=PLACES):
    return SentenceStates(
        source=SOURCE, wanted=SOURCE, places=places, explained=np.array([0.5, 0.25, 0.25]),
        lengths=np.array([len(words) for words in SOURCE]),
    )  # fmt: skip


def test_what_a_property_explains_is_the_variance_between_its_groups():
    share, chance = explained_by(["a", "b", "a", "b"], PLACES)
    assert share == pytest.approx(4 / 4.04)
    assert chance == pytest.approx(1 / 3)
    assert explained_by(["a", "a", "b", "b"], np.array([[-1.0, 0], [1, 0], [-1, 0], [1, 0]]))[0] == 0


def test_each_kind_has_a_colour_and_the_title_says_what_it_explains():
    drawn = sentence_states_figure(states(), TRAITS["number"], [" ".join(words) for words in SOURCE], "with attention")
    assert [trace.name for trace in drawn.data] == ["plural", "singular"]
    assert list(drawn.data[1].customdata) == ["je dors", "elle dort"]
    assert drawn.layout.title.text == (
        "With attention, two of 3 directions hold 75 % of the variance; “singular or plural” explains 99 % of where a "
        "sentence lies there (chance: 33 %)."
    )
    assert drawn.layout.xaxis.title.text == "direction 1: 50.0 % of the variance"


def test_a_number_has_a_scale_and_little_more_than_chance_is_said():
    drawn = sentence_states_figure(states(PLACES[[0, 2, 1, 3]] * [1, 9]), TRAITS["length"], ["a", "b", "c", "d"], "here")
    assert list(drawn.data[0].marker.color) == [2, 3, 2, 3]
    assert "hardly more than chance would" in drawn.layout.title.text


def test_sentences_stand_as_they_are_under_the_pointer():
    written = [HOSTILE] * len(SOURCE)
    assert all(stands_as_it_is(sentence_states_figure(states(), TRAITS[each], written, "")) for each in ("number", "length"))
