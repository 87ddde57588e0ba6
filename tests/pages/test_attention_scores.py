"""The page on ways to attend: every number on it comes from the study or the networks, traced for real in this process."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from seqviz.answers.answering import ANSWERS
from seqviz.answers.attribution import answer_attribution
from seqviz.answers.translation import answer_translation
from seqviz.errors import LimitError, StoreError
from seqviz.lab.view import empty_view, stored_view
from seqviz.store import open_store
from seqviz.studies import read_study
from seqviz.ui.lessons.attention.scores.reading import floor, on_the_way, pairs

ROOT = Path(__file__).parents[2]
PAGE = "pages/attention/scores.py"
SCORES = ("additive", "dot", "general", "scaled")


WHO = "0" * 32


class LabInThisProcess:
    """What the page asks of a Lab, answered without workers: what is trained waits, until a test says that it is done."""

    def __init__(self):
        self.store = open_store()
        self.queued = {}
        self.done = {}  # run id → the shipped run that takes its place
        self.full = False

    def trace(self, question, subject):
        return ANSWERS[question.name](subject)

    def trace_many(self, asked):
        return [self.trace(question, subject) for question, subject in asked]

    def view(self, run_id, person=None):
        if run_id in self.done:
            return stored_view(self.store.open(self.done[run_id]))
        if run_id in self.queued:
            return self.queued[run_id]
        raise StoreError(f"there is no run {run_id} here")

    def attend(self, run_id, person):
        return self.view(run_id, person)

    def submit(self, experiment, *, person, ancestors=()):
        if self.full:
            raise LimitError("at most 8 runs may wait for one person on this server")
        return self.queued.setdefault(experiment.run_id, empty_view([experiment], "queued"))

    def stop(self, run_id, person):
        self.queued[run_id] = replace(self.queued[run_id], state="stopped")

    def resume(self, run_id, person):
        self.queued[run_id] = replace(self.queued[run_id], state="queued")


@pytest.fixture(autouse=True)
def lab(monkeypatch):
    made = LabInThisProcess()
    monkeypatch.setattr("seqviz.lab.Lab", lambda: made)
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()
    yield made
    st.cache_resource.clear()


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["person.id"] = WHO
    for name, value in query.items():
        app.query_params[name] = value
    app = app.switch_page(PAGE).run()
    assert not app.exception
    return app


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    app.query_params.clear()
    app.query_params.update(app.session_state["scores.settings"]["link"])  # a browser would have kept the address in step
    app = app.run()
    assert not app.exception
    return app


def figures(app):
    """The figures that the browser is sent, by the names of their files."""
    parts = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {part["name"]: part for part in parts if "traces" in part}


@pytest.fixture(scope="module")
def study():
    return read_study(ROOT / "pretrained", "attention")


def test_opens_with_every_arm_compared_over_its_seeds(study):
    app = opened()
    assert not app.error
    drawn = figures(app)
    assert list(drawn) == ["exact-match", "alignment-error", "bleu", "entropy", "parameters", "speed"]
    assert drawn["exact-match"]["finding"].startswith("Without attention ")
    median = np.median(study.values("none", "exact"))
    assert f"Without attention {100 * median:.0f} %" in drawn["exact-match"]["finding"]


def test_the_floor_of_alignment_is_what_the_best_single_links_reach():
    from seqviz.corpora import alignment_error_rate, held_out

    def best(pair):
        found = {there: here for here, there in sorted(pair.links)}
        nothing = {there: len(pair.source) for there in range(len(pair.target))}  # a word without a link must look somewhere
        return alignment_error_rate({(here, there) for there, here in (nothing | found).items()}, pair.links)

    assert floor() == pytest.approx(np.mean([best(pair) for pair in held_out("fr-en", 1000, 12)]))
    assert 0.01 < floor() < 0.03


@pytest.mark.parametrize("place", range(12))
def test_a_network_reads_a_sentence_in_the_words_that_its_links_count(place):
    pair = pairs()[place]
    assert answer_translation(on_the_way("dot", pair)).source == pair.source


def test_one_sentence_has_the_alignment_of_every_score_with_its_error_rate():
    app = opened(view="one", sentence="s6")
    drawn = figures(app)
    assert list(drawn) == [f"alignment-{score}" for score in SCORES]
    assert all("alignment error rate" in part["finding"] for part in drawn.values())
    rates = [float(re.search(r"rate ([\d.]+),", part["finding"])[1]) for part in drawn.values()]
    said = next(one.value for one in app.markdown if "lowest alignment error rate" in one.value)
    assert float(re.search(r"rate is ([\d.]+) ", said)[1]) == min(rates)


@pytest.mark.parametrize("network", SCORES)
@pytest.mark.parametrize("beside", ["gradient", "forced", "seeds"])
def test_what_attention_is_not_is_drawn_for_every_score(network, beside):
    app = opened(view="not", network=network, beside=beside, sentence="s2")
    assert not app.error
    names = {"gradient": ["kendall-tau", "attention", "gradient-times-input"], "forced": ["forced-attention"]}
    assert list(figures(app)) == names.get(beside, ["attention-mean", "attention-range"])


def test_the_seed_draws_other_permutations():
    one, other = (figures(opened(view="not", beside="forced", seed=seed))["forced-attention"] for seed in ("0", "1"))
    assert one["traces"][0]["y"] != other["traces"][0]["y"]
    assert one["traces"][1]["y"] == other["traces"][1]["y"]


@pytest.mark.parametrize("guess", ["same", "less", "never"])
def test_a_guess_is_answered_by_the_network(guess):
    app = opened(guess=guess)
    record = answer_attribution(on_the_way("additive", pairs()[2]))
    share = float(record.uniform.probabilities[0]) / record.probability
    right = "same" if share >= 0.5 else "less" if share >= 0.001 else "never"
    said = next(one.value for one in app.markdown if "times as probable.**" in one.value)
    assert ("You saw that" in said) == (guess == right)
    assert "forced-attention" in figures(app)


def test_nothing_is_revealed_before_the_guess():
    assert "forced-attention" not in figures(opened())


@pytest.mark.parametrize(
    "query",
    [
        {"view": "nowhere"},
        {"network": "none"},
        {"sentence": "s99"},
        {"beside": "tea"},
        {"seed": "-1"},
        {"guess": "maybe"},
        {"more": "dot:9"},
    ],
)
def test_a_broken_link_gives_a_sentence_and_the_default(query):
    app = opened(**query)
    (name,) = query
    assert any(name in warning.value for warning in app.warning)
    assert figures(app)


def test_a_missing_study_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(
        "seqviz.ui.runs.shipped.settings",
        lambda: type("S", (), {"store": type("P", (), {"pretrained": tmp_path})}),
    )
    app = opened()
    assert [error.value for error in app.error] == [
        "The result of the study 'attention' is missing; `python -m seqviz pretrain --only study-attention` does it again."
    ]


def test_one_more_seed_is_trained_with_the_studys_settings_and_kept_in_the_link(lab, study):
    app = press(opened(arm="general"), "Train one more seed")
    assert app.session_state["scores.settings"]["link"]["more"] == "general:1"
    (view,) = lab.queued.values()
    shipped = lab.store.experiment(study.of("general")[0].run)
    assert view.experiment == replace(shipped, seed=len(study.of("general")))
    assert not any("trained here besides" in one.value for one in app.caption)


def test_a_seed_that_is_done_is_a_point_among_the_others(lab, study):
    seed, shipped = len(study.of("dot")), study.of("scaled")[0]
    lab.done[replace(lab.store.experiment(study.of("dot")[0].run), seed=seed).run_id] = shipped.run
    app = opened(more="dot:1")
    assert any("1 network was trained here besides" in one.value for one in app.caption)
    for name, measure in (
        ("exact-match", "exact"),
        ("bleu", "bleu"),
        ("alignment-error", "alignment_error"),
        ("entropy", "entropy"),
    ):
        dots = next(trace for trace in figures(app)[name]["traces"] if trace["name"] == "dot")
        assert last_of(dots["x"], seed) == pytest.approx(shipped.measures[measure], rel=1e-3)


def last_of(packed, place):
    import base64

    values = np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"]) if isinstance(packed, dict) else packed
    assert len(values) == place + 1
    return values[place]


def test_training_is_stopped_and_goes_on(lab):
    app = press(opened(more="dot:1"), "Stop")
    assert [view.state for view in lab.queued.values()] == ["stopped"]
    app = press(app, "Go on")
    assert [view.state for view in lab.queued.values()] == ["queued"]
    app = press(app, "The study's seeds only")
    assert "more" not in app.session_state["scores.settings"]["link"]
    assert [view.state for view in lab.queued.values()] == ["stopped"]


def test_where_nothing_more_may_wait_it_is_said_and_the_study_stands(lab):
    lab.full = True
    app = opened(more="dot:1")
    assert "At most 8 runs may wait for one person on this server." in [error.value for error in app.error]
    assert "exact-match" in figures(app)


def test_at_most_so_many_more_are_trained(lab):
    app = opened(arm="dot", more="dot:5")
    assert next(button for button in app.button if button.label == "Train one more seed").disabled
    assert len(lab.queued) == 5
