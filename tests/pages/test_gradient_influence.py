"""The page on the past's influence: each view's finding at once, true of real traces; what is wrong in one sentence."""

import json
import re
from types import SimpleNamespace

import pytest
from inprocess import LabInThisProcess, answered_by, open_page

from seqviz.experiment import CELLS
from seqviz.ui.lessons.gradient.influence.sentences import _learned

PAGE = "pages/gradient/influence.py"


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    monkeypatch.setattr("seqviz.ui.lessons.gradient.influence.sentences.EXAMINED", 10)
    with answered_by(LabInThisProcess(), monkeypatch, keeps_records=True):
        yield


def opened(**query):
    return open_page(PAGE, {name: str(value) for name, value in query.items()}, timeout=300)


def parts(app):
    return [json.loads(each.proto.json) for each in app.get("bidi_component")]


def figures(app):
    return [each for each in parts(app) if "finding" in each]


def owed(app):
    (one,) = [each for each in parts(app) if "networks" in each]
    return one


def said(app):
    return " ".join(each.value for each in app.markdown)


def test_opens_with_a_small_nudge_that_the_gradient_foretells():
    app = opened()
    assert not app.exception
    assert not app.error
    changed, error = figures(app)
    assert changed["finding"].startswith("Nudged by 0.1 at t = 5, the state 44 steps later is off by ")
    assert {"RNN", "RNN, by the gradient", "LSTM"} <= {trace["name"] for trace in changed["traces"]}
    assert error["finding"].startswith("10 steps later, a nudge ten times smaller makes")
    assert "agrees with finite differences" in said(app)


def test_a_nudge_of_ten_is_too_much_for_a_straight_line():
    found = figures(opened(size=10, cells="lstm"))[0]["finding"]
    assert "That is too much for the gradient" in found
    assert "The gradient says so" in figures(opened(size=0.0001, cells="lstm"))[0]["finding"]


def test_a_size_between_the_sliders_stops_is_nudged_as_well():
    assert figures(opened(size=0.05))[0]["finding"].startswith("Nudged by 0.05 at t = 5")


def test_networks_trained_on_the_adding_problem_are_nudged_too():
    app = opened(network="adding", nudged=60, cells="lstm,gru")
    assert not app.error
    assert figures(app)[0]["finding"].startswith("Nudged by 0.1 at t = 60, the state 39 steps later is off by ")


@pytest.mark.parametrize("cell", CELLS)
def test_training_makes_the_jacobian_at_the_lag_grow_only_where_it_should(cell):
    app = opened(view="lag", cell=cell)
    assert not app.error
    finding = figures(app)[0]["finding"]
    with_one, without = finding.split("; ")
    assert "with a dependency, the answer’s Jacobian grows" in with_one
    assert "without one, the answer’s Jacobian grows" not in without


def test_a_guess_reveals_the_other_network():
    app = opened(view="lag", guess="grows")
    assert len(figures(app)) == 2
    assert "It grows" in said(app)
    assert "You saw that." in said(app)
    assert "name, at every step, the symbol read 8 steps before" in said(app)


def test_a_wrong_guess_is_told_wrong():
    app = opened(view="lag", guess="shrinks")
    assert "It grows" in said(app)
    assert "Your guess, “it shrinks there”, is wrong." in said(app)


def test_without_any_network_the_visitor_is_asked_for_one_and_the_last_figures_stand():
    app = opened(cells="lstm")
    app.segmented_control(key="influence.cells").set_value([]).run()
    assert [each.value for each in app.error] == ["Choose at least one of RNN, LSTM and GRU."]
    assert figures(app)


def test_words_are_shaded_network_by_network_and_the_country_is_told():
    app = opened(view="words")
    assert not app.error
    shown = owed(app)
    assert [each["label"] for each in shown["networks"]] == ["RNN", "LSTM", "GRU", "Transformer"]
    assert shown["title"].startswith(f"“{shown['words'][shown['cue']]}”, with 4 fillers between it and “")
    assert figures(app)[0]["finding"].startswith("Of held-out sentences, the word is found with no filler between in ")


def test_a_subject_and_its_verb_set_the_networks_apart_further_than_they_learned_from():
    told = figures(opened(view="words", sentence="subject"))[0]["finding"]
    assert "with no filler between in 100 % by the RNN, 100 % by the LSTM" in told
    assert re.search(r"found first with 1[0-9] fillers by the RNN; not even with 20 fillers by the LSTM, the GRU", told)


@pytest.mark.parametrize("kind", ["return", "subject"])
def test_every_kind_and_measure_has_its_words(kind):
    app = opened(view="words", sentence=kind, measure="gradient", fillers=2, number=7)
    assert "gradient × input gives" in owed(app)["title"]
    assert "The largest product, checked: RNN agrees with finite differences" in said(app)


def test_what_is_typed_is_read_and_what_is_not_known_is_marked():
    app = opened(view="words", sentence="typed", text="<b>nora</b> 我 🔑 found the", asked="key")
    shown = owed(app)
    assert shown["words"] == ["<", "b", ">", "nora", "<", "/", "b", ">", "我", "🔑", "found", "the"]
    assert shown["known"] == [False] * 3 + [True] + [False] * 6 + [True] * 2
    assert {each["asked"] for each in shown["networks"]} == {"key"}
    assert not app.error


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"view": "words", "sentence": "typed", "text": " "}, "A sentence must have at least one word, got none."),
        (
            {"view": "words", "sentence": "typed", "text": "key " * 2000},
            "A sentence may have at most 60 words on this server, got 2,000.",
        ),
        (
            {"view": "words", "sentence": "typed", "text": "nora", "asked": "submarine"},
            "The next word must be one that these networks know, got 'submarine'.",
        ),
        (
            {"view": "words", "sentence": "typed", "text": "nora", "asked": "$x$*y*:material/key:"},
            r"The next word must be one that these networks know, got '\$x\$\*y\*\:material/key\:'.",
        ),
    ],
)
def test_a_sentence_that_cannot_be_read_gets_one_sentence(query, sentence):
    assert [each.value for each in opened(**query).error] == [sentence]


@pytest.mark.parametrize(
    "query", [{"network": "adding", "cells": "lstm"}, {"view": "lag"}, {"view": "words"}], ids=["nudge", "lag", "words"]
)
def test_a_run_whose_files_are_gone_is_one_sentence(query, monkeypatch):
    emptied = SimpleNamespace(store=SimpleNamespace(experiment=lambda run: None))
    monkeypatch.setattr("seqviz.ui.runs.shipped.lab", lambda: emptied)
    monkeypatch.setattr("seqviz.ui.lessons.gradient.influence.sentences._learned", _learned.__wrapped__)
    app = opened(**query)
    assert not app.exception
    (error,) = app.error
    assert "that comes with the app are missing or damaged" in error.value


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"size": "1e6"}, "size must be a number in [0.0001, 10], got 1000000.0"),
        ({"length": 5000}, "length must be"),
        ({"view": "words", "fillers": 99}, "fillers must be a whole number in [0, 9], got 99"),
        ({"view": "lag", "cell": "elman"}, "cell must be one of rnn, lstm, gru, got 'elman'"),
    ],
)
def test_a_link_out_of_range_is_told_and_the_default_shown(query, told):
    app = opened(**query)
    assert told in app.warning[0].value
    assert figures(app)
