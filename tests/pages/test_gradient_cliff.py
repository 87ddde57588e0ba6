"""The cliff page: a finding at once, both units, every setting in the link, bad input in one sentence or as a lesson."""

import json

import pytest
from inprocess import LabInThisProcess, answered_by, open_page

PAGE = "pages/gradient/cliff.py"


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    with answered_by(LabInThisProcess(), monkeypatch):
        yield


def opened(**query):
    return open_page(PAGE, {"steps": "8", **query})


def sent(app):
    """What the descent's component was given."""
    return next(each for each in map(given, app.get("bidi_component")) if "paths" in each)


def given(component):
    return json.loads(component.proto.mixed.json or component.proto.json)


def test_the_finding_is_there_at_once_with_its_check():
    app = opened(steps="60")
    assert not app.exception
    assert not app.error
    title = sent(app)["title"]
    assert title.startswith("Without clipping, step ")
    assert "leaves the picture" in title
    assert title.split("; ")[1].startswith("with the norm clipped at")
    assert "stays in the picture" in title
    assert any("agrees with finite differences to" in each.value for each in app.markdown)


@pytest.mark.parametrize("unit", ["rnn", "lstm"])
def test_both_units_are_drawn_on_their_own_surface(unit):
    app = opened(unit=unit)
    assert not app.exception
    surfaces = [each["surface"] for each in map(given, app.get("bidi_component")) if "surface" in each]
    assert [each["unit"] for each in surfaces] == [unit] == [sent(app)["unit"]]
    assert sum("points drawn" in each.value for each in app.markdown) == (1 if unit == "rnn" else 2)


def test_the_start_can_be_typed():
    app = opened()
    app.number_input(key="cliff.rnn.w").set_value(6.0).run()
    assert sent(app)["paths"][0]["places"][0][0] == 6.0


@pytest.mark.parametrize(("name", "value"), [("rnn.w", 9.0), ("rnn.b", 2.5)])
def test_a_start_outside_the_picture_is_one_sentence(name, value):
    app = opened()
    app.number_input(key=f"cliff.{name}").set_value(value).run()
    assert not app.exception
    assert len(app.error) == 1
    assert f"must be a number in [{'2, 7' if name.endswith('w') else '-4, -1'}], got {value}" in app.error[0].value


def test_a_threshold_of_0_and_a_learning_rate_of_a_million_are_lessons():
    assert sent(opened(threshold="0.0"))["title"].startswith("A threshold of 0 shortens every step to nothing")
    app = opened(rate="1000000.0", threshold="1.0")
    assert not app.exception
    assert not app.error
    assert "leaves the picture" in sent(app)["title"]


@pytest.mark.parametrize(("name", "value"), [("rate", "NaN"), ("rate", "-1"), ("threshold", "1e9"), ("steps", "0")])
def test_a_broken_link_is_one_sentence_and_the_default(name, value):
    app = opened(**{name: value})
    assert not app.exception
    assert len(app.warning) == 1
    assert f"{name} must be a" in app.warning[0].value


def test_a_rate_between_two_stops_is_kept():
    app = opened(rate="0.037")
    assert app.select_slider(key="cliff.rate").value == 0.037
    assert not app.warning


def test_the_answer_appears_once_a_guess_is_made():
    app = opened()
    assert not any("It is " in each.value for each in app.markdown)
    app.query_params["guess"] = "away"
    app.run()
    assert any(each.value.startswith("**It is 33 long") and "You saw that." in each.value for each in app.markdown)


def test_what_a_reader_sees_is_at_most_250_words():
    from seqviz.ui.shell.content import sections

    held = sections("cliff")
    common = sum(len(held[name].split()) for name in ("lead", "predict", "answer", "why", "sources"))
    assert all(common + len(held[unit].split()) <= 250 for unit in ("rnn", "lstm"))
