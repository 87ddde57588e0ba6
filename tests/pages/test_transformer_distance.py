"""The page "No chain of steps": its findings at once, every view and control, bad input in one sentence."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from inprocess import LabWithoutTraining, answered_by
from streamlit.testing.v1 import AppTest

from seqviz.errors import JobError
from seqviz.recipes.transformer_studies import COPIERS, copier
from seqviz.settings import settings
from seqviz.subjects.distance import WRITERS
from seqviz.ui.shell.content import sections

ROOT = Path(__file__).parents[2]
PAGE = "pages/transformer/distance.py"
SMALL = {"length": 12, "width": 8, "layers": 1, "heads": 2}


@pytest.fixture(autouse=True)
def lab(monkeypatch):
    with answered_by(LabWithoutTraining(), monkeypatch, keeps_records=True) as one:
        yield one


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["person.id"] = "0" * 32
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.switch_page(PAGE).run()


def figures(app):
    assert not app.exception
    assert not app.error
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {each["name"]: each for each in sent if "traces" in each}


def finding(app, name):
    return figures(app)[name]["finding"]


def said(app):
    return " ".join(each.value for each in app.markdown)


def test_the_finding_is_there_at_once():
    app = opened()
    told = finding(app, "gradient-by-distance")
    assert told.startswith("From 1 step back to 49, the gradient at the input shrinks to")
    assert told.endswith("in the Transformer.")
    assert "One step back, of the gradient at the loss’s own step there is" in said(app)
    assert said(app).count("agrees with finite differences") == 4


def test_every_network_and_size_has_its_finding():
    app = opened(family="writing", **SMALL)
    assert finding(app, "gradient-by-distance").startswith("From 1 step back to 12, the gradient at the input")
    assert "own step" not in said(app)
    app.slider(key="distance.length").set_value(20).run()
    assert finding(app, "gradient-by-distance").startswith("From 1 step back to 20,")


def test_the_last_seed_has_others_behind_it():
    assert finding(opened(seed=9999, **SMALL), "gradient-by-distance").startswith("From 1 step back to 11,")


@pytest.mark.parametrize("family", ["reading", "writing"])
def test_the_shortest_sequence_and_the_widest_networks_have_findings(family):
    assert finding(opened(family=family, length=4, layers=4, width=64, heads=8), "gradient-by-distance")


def test_time_is_measured_at_every_length_up_to_the_longest_asked_for(monkeypatch):
    monkeypatch.setattr("seqviz.ui.lessons.transformer.distance.times.ANSWER_SECONDS", float("inf"))
    app = opened(view="time", furthest=128, width=8, heads=1, layers=1)
    assert finding(app, "time-by-length").startswith("Measured here: ")
    assert "From T = 32 to 128 time grows as" in finding(app, "time-by-length")
    assert finding(app, "states-one-after-another").startswith("At T = 128, 128 states wait")
    next(each for each in app.button if each.label == "Measure again").click().run()
    assert app.query_params["again"] == "1"
    assert finding(app, "time-by-length").startswith("Measured here: ")


def test_translators_are_timed_beside_each_other_and_what_is_measured_so_far_is_drawn(monkeypatch):
    monkeypatch.setattr("seqviz.ui.lessons.transformer.distance.times.ANSWER_SECONDS", 0.0)
    app = opened(view="time", family="writing", furthest=1000, width=8, heads=1, layers=1)
    drawn = figures(app)["time-by-length"]
    assert {each["name"] for each in drawn["traces"] if each.get("showlegend", True)} == set(WRITERS.values())
    assert re.search(r" is the quickest at T = 16, in [0-9.]+ ms\.$", drawn["finding"])
    assert any(each.value.endswith(" Measuring T = 32 …") for each in app.caption)
    assert finding(app, "states-one-after-another").startswith("At T = 512, 1,024 states wait")  # no longer ones are timed
    assert "furthest" not in app.query_params  # it is the default again


def test_a_length_that_is_refused_leaves_the_picture_of_the_others_and_is_asked_for_once(monkeypatch, lab):
    asked, answers = [], lab.trace

    def trace(question, subject):
        if question.name == "distance.times" and subject.length > 16:
            asked.append(subject.length)
            raise JobError("that took too long")
        return answers(question, subject)

    lab.trace = trace
    monkeypatch.setattr("seqviz.ui.lessons.transformer.distance.times.ANSWER_SECONDS", float("inf"))
    small = replace(settings(), limits=replace(settings().limits, length=200))
    monkeypatch.setattr("seqviz.ui.lessons.transformer.distance.times.settings", lambda: small)
    app = opened(view="time", width=8, heads=1, layers=1, seed=1)
    app.run()
    assert [each.value for each in app.error] == ["T = 32: That took too long."]
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    told = {each["name"]: each["finding"] for each in sent if "traces" in each}
    assert re.search(r" is the quickest at T = 16, in [0-9.]+ ms\.$", told["time-by-length"])
    assert told["states-one-after-another"].startswith("At T = 128, ")  # what this server allows
    assert not any("Measuring" in each.value for each in app.caption)
    assert not any(each.key == "distance.furthest" for each in app.select_slider)
    assert asked == [32]


def test_without_positions_the_study_tells_and_a_race_is_submitted_as_it_is_set(lab):
    app = opened(view="positions", delay=7, steps=60, arms="none,gru", seed=3)
    told = finding(app, "copying-study")
    assert told.startswith(
        "A loss that stays below 0.01 is reached by a Transformer with sinusoids at step 200 (every seed) and"
    )
    assert "with learned positions at step 350 (300 to 750)" in told
    assert "not by a Transformer without positions, an LSTM and a GRU within 800 steps" in told
    assert "guessing gets 12.5 %" in said(app)
    assert "2 layers, 4 heads, 64 numbers wide. LSTM and GRU have 96 units." in said(app)
    next(each for each in app.button if each.label == "Race").click().run()
    assert lab.submitted == [copier(arm, length=7, steps=60, seed=3) for arm in ("none", "gru")]


def test_a_study_that_did_not_come_is_one_sentence(monkeypatch, tmp_path):
    from seqviz.studies import read_study

    monkeypatch.setattr(
        "seqviz.ui.lessons.transformer.distance.positions.shipped_study", lambda name: read_study(tmp_path, name)
    )
    app = opened(view="positions")
    assert not app.exception
    assert [each.value.split(";")[0] for each in app.error] == ["The result of the study 'positions' is missing"]


def test_the_answer_appears_once_a_guess_is_made():
    assert "times as large" not in said(opened(**SMALL))
    answered = said(opened(guess="same", **SMALL))
    assert "times as large; in a GRU," in answered
    assert ("You saw that" in answered) != ("You saw that" in said(opened(guess="nothing", **SMALL)))


def test_heads_that_do_not_divide_the_width_are_one_sentence():
    app = opened(width=20, heads=8)
    assert not app.exception
    assert [each.value for each in app.error] == ["The width must be a multiple of the heads, got 20 numbers for 8 heads."]


def test_a_broken_link_is_one_sentence_and_the_default():
    app = opened(length=3, view="everything")
    assert len(app.warning) == 1
    assert "length must be a whole number in [4, 256], got '3'" in app.warning[0].value or "got 3" in app.warning[0].value
    assert finding(app, "gradient-by-distance").startswith("From 1 step back to 49")


def test_what_a_reader_sees_is_at_most_250_words():
    held = sections("distance")
    common = sum(len(held[name].split()) for name in ("lead", "why", "sources"))
    for names in (
        ("reading", "predict", "answer"),
        ("writing", "predict", "answer"),
        ("time", "measured", "timed-writing"),
        ("positions", "own"),
    ):
        assert common + sum(len(held[name].split()) for name in names) <= 250


def test_what_is_said_of_the_copiers_is_true_of_them():
    """The prose names one size for all Transformers, and one for both recurrent networks."""
    knowing = [replace(COPIERS[arm].model, positions="none") for arm in ("sinusoidal", "learned", "none")]
    assert knowing[0] == knowing[1] == knowing[2]
    assert replace(COPIERS["lstm"].model, name="gru") == COPIERS["gru"].model
