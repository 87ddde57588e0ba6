"""What the cloud of sentences draws and says is computed from its points."""

import numpy as np
import pytest
from plotlytext import HOSTILE, stands_as_it_is

from seqviz.corpora.traits import TRAITS
from seqviz.figures.sentence_states import explained_by, sentence_states_figure
from seqviz.records import SentenceStates

SOURCE = (("je", "dors"), ("nous", "dormons", "ici"), ("elle", "dort"), ("ils", "dorment", "maintenant"))
PLACES = np.array([[-1.0, 0.1], [1.0, -0.1], [-1.0, -0.1], [1.0, 0.1]])


def record(places=PLACES):
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
    drawn = sentence_states_figure(record(), TRAITS["number"], [" ".join(words) for words in SOURCE], "with attention")
    assert [trace.name for trace in drawn.data] == ["plural", "singular"]
    assert list(drawn.data[1].customdata) == ["je dors", "elle dort"]
    assert drawn.layout.title.text == (
        "With attention, two of 3 directions hold 75 % of the variance; “singular or plural” explains 99 % of where a "
        "sentence lies there (chance: 33 %)."
    )
    assert drawn.layout.xaxis.title.text == "direction 1: 50.0 % of the variance"


def test_a_number_has_a_scale_and_little_more_than_chance_is_said():
    drawn = sentence_states_figure(record(PLACES[[0, 2, 1, 3]] * [1, 9]), TRAITS["length"], ["a", "b", "c", "d"], "here")
    assert list(drawn.data[0].marker.color) == [2, 3, 2, 3]
    assert "hardly more than chance would" in drawn.layout.title.text


def test_sentences_stand_as_they_are_under_the_pointer():
    written = [HOSTILE] * len(SOURCE)
    assert all(stands_as_it_is(sentence_states_figure(record(), TRAITS[each], written, "")) for each in ("number", "length"))
