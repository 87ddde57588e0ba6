"""The page "Dropout": the masks of a step at once, the next step by a button, none outside training."""

from pathlib import Path

import pytest
from inprocess import LabInThisProcess, answered_by
from streamlit.testing.v1 import AppTest

from tests.pages.test_gradient_depth import figures, right, said

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    with answered_by(LabInThisProcess(), monkeypatch):
        yield


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.switch_page("pages/gradient/dropout.py").run()


def finding(app):
    return right(app)["dropout-masks"]["finding"]


def crosses(app):
    return next((trace["customdata"] for trace in right(app)["dropout-masks"]["traces"] if trace.get("name") == "dropped"), [])


def test_the_masks_are_there_at_once():
    assert "between layers, none of 70 through time. Every unit keeps an unbroken way" in finding(opened())


@pytest.mark.parametrize("where", ["recurrent", "variational"])
def test_through_time_nothing_is_dropped_between_layers(where):
    assert "none of 40 between layers" in finding(opened(dropout=where, dropout_rate=0.5))


def test_a_button_goes_one_training_step_on_and_the_link_with_it():
    app = opened(dropout="recurrent")
    before = crosses(app)
    next(each for each in app.button if each.label == "Next training step").click().run()
    assert app.query_params["step"] == "2"
    assert crosses(app) != before
    assert crosses(opened(dropout="recurrent", step=2)) == crosses(app)


def test_the_last_step_has_no_next():
    button = next(each for each in opened(step=200).button if each.label == "Next training step")
    assert button.disabled


def test_outside_training_nothing_is_dropped():
    app = opened(training="no", dropout_rate=0.9)
    assert finding(app) == "Outside training nothing is dropped: every connection is kept."
    assert crosses(app) == []


def test_without_dropout_nothing_is_dropped():
    assert finding(opened(dropout="none")).startswith("Dropped: none of 40 between layers, none of 70 through time.")


def test_one_layer_has_nothing_between_layers_and_the_page_stays_whole():
    app = opened()
    app.slider(key="dropout.layers").set_value(1).run()
    assert finding(app) == "A single layer has no connections between layers: nothing is dropped."
    assert crosses(app) == []
    assert "Predict, then see" in said(app)
    assert "crosses" not in said(app)


@pytest.mark.parametrize("query", [{"training": "no"}, {"dropout": "none"}, {"dropout_rate": "0.0"}])
def test_nothing_is_said_of_crosses_where_there_are_none(query):
    assert "crosses are dropped" in said(opened())
    assert "crosses" not in said(opened(**query))


def test_the_answer_appears_once_a_guess_is_made():
    app = opened()
    assert "of 100" not in said(app)
    app.query_params["guess"] = "few"
    app.run()
    assert "of 100, with the masks of seed 0" in said(app)
    assert "You saw that" in said(app)


def test_a_broken_link_is_one_sentence_and_the_default():
    app = opened(length=13)
    assert "length must be a whole number in [2, 12], got 13" in app.warning[0].value
    assert "dropout-masks" in figures(app)


def test_what_a_reader_sees_is_at_most_250_words():
    from seqviz.ui.shell.content import sections

    held = sections("dropout")
    common = sum(len(held[name].split()) for name in ("lead", "why", "sources", "predict", "answer", "marks"))
    assert all(common + len(held[where].split()) <= 250 for where in ("none", "layers", "recurrent", "variational"))
