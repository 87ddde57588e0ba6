"""The page "One task, three networks": its findings at once, every view, your own runs, bad input in one sentence."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import numpy as np
import pytest
from inprocess import LabWithoutTraining, answered_by
from streamlit.testing.v1 import AppTest

from seqviz.cards import read_cards
from seqviz.language.words import raised
from seqviz.studies import read_study
from seqviz.ui.shell.content import sections

ROOT = Path(__file__).parents[2]
PAGE = "pages/transformer/comparison.py"
CARDS = read_cards(ROOT / "pretrained")


class LabWithRuns(LabWithoutTraining):
    """A Lab whose visitor has trained two runs: a translator, and one that cannot be compared."""

    def runs(self, person):
        views = [self.view(CARDS[name].run) for name in ("translation-dot", "adding-gru")]
        return [(SimpleNamespace(name=f"mine, <b>{view.steps}</b>"), view) for view in views]


@pytest.fixture(autouse=True)
def lab(monkeypatch):
    monkeypatch.setattr("seqviz.ui.lessons.transformer.comparison.settings.SENTENCES", 40)
    monkeypatch.setattr("seqviz.ui.lessons.transformer.comparison.views.SENTENCES", 40)
    monkeypatch.setattr("seqviz.ui.lessons.transformer.comparison.views.HEAD_SENTENCES", 40)
    monkeypatch.setattr("seqviz.ui.lessons.transformer.comparison.reading.EXAMINED", 40)
    with answered_by(LabWithRuns(), monkeypatch, keeps_records=True) as one:
        yield one


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["person.id"] = "0" * 32
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.switch_page(PAGE).run()


def drawn(app):
    assert not app.exception
    assert not app.error
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {each["name"]: each for each in sent if "traces" in each}


def findings(app):
    return {name: each["finding"] for name, each in drawn(app).items()}


def said(app):
    return " ".join(each.value for each in app.markdown)


def test_what_each_buys_and_costs_is_there_at_once(monkeypatch):
    monkeypatch.setattr("seqviz.ui.lessons.transformer.comparison.reading.EXAMINED", 1000)
    found = findings(opened())
    assert set(found) == {"held-out", "bleu", "alignment", "weights", "pace"}
    result = read_study(ROOT / "pretrained", "comparison")
    for arm, label in (("none", "GRU without attention"), ("additive", "GRU with attention"), ("transformer", "Transformer")):
        assert f"{100 * np.median(result.values(arm, 'exact')):.1f} % by the {label}" in found["held-out"]


def test_by_length_attention_keeps_what_one_vector_loses():
    app = opened(view="length")
    told = findings(app)["by-length"]
    assert "by the GRU without attention" in told
    assert "by the Transformer" in told
    assert "Transformer" in {each["name"] for each in drawn(app)["by-length"]["traces"]}
    assert findings(opened(view="length", measure="bleu"))["by-length"].startswith("BLEU of sentences of")


def test_learning_by_steps_and_by_seconds():
    steps = findings(opened(view="learning"))["learning"]
    seconds = findings(opened(view="learning", axis="seconds"))["learning"]
    assert "at step" in steps
    assert "not by the GRU without attention" in steps
    assert " s" in seconds
    assert "at step" not in seconds


def test_the_three_are_trained_anew_by_one_link():
    (link,) = re.findall(r"\[Train the three anew, from seed 3\]\(train\?(runs=[^)]*)\)", said(opened(view="learning")))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["runs"] = unquote(link.removeprefix("runs="))
    app.switch_page("pages/train/train.py").run()
    assert not app.exception
    assert not app.warning


def test_the_answer_appears_once_a_guess_is_made():
    """What is asked is never on screen: of the axis by steps it is the seconds, of the axis by seconds the steps."""
    app = opened(view="learning")
    assert "counted in seconds?" in said(app)
    (told,) = findings(app).values()
    seconds = re.search(r"the Transformer after \S+ s", findings(opened(view="learning", axis="seconds"))["learning"])[0]
    assert seconds not in told + said(app)
    wrong = said(opened(view="learning", guess="none"))
    assert f"**{raised(seconds).replace(' after', ', after')}.** A step" in wrong
    assert "You saw that" in said(opened(view="learning", guess="transformer"))


def test_a_guess_is_at_the_question_that_it_was_asked():
    app = opened(view="learning", guess="transformer")
    app.segmented_control(key="comparison.axis").set_value("seconds").run()
    assert "counted in training steps?" in said(app)
    assert "You saw that" not in said(app)
    assert "guess" not in app.query_params
    linked = said(opened(view="learning", axis="seconds", guess="additive"))
    assert "and the Transformer, at step 457.** You saw one of them. A step" in linked


def test_every_head_has_its_error():
    app = opened(view="heads")
    assert any(told.startswith("Head ") for told in findings(app).values())


@pytest.mark.parametrize("view", ["held", "length", "learning", "heads"])
def test_a_run_of_this_server_stands_beside_them(view):
    run = CARDS["translation-general"].run
    app = opened(view=view, own=run)
    assert f"run {run[:8]}" in app.multiselect[0].options
    assert view == "heads" or f"the run {run[:8]}" in str(findings(app))


def test_a_persons_own_runs_of_the_task_are_offered_and_go_into_the_link():
    app = opened()
    assert app.multiselect[0].options == ["run “mine, <b>1500</b>”"]
    app.multiselect[0].set_value([CARDS["translation-dot"].run]).run()
    assert app.query_params["own"] == CARDS["translation-dot"].run
    assert "by the run “mine, <b>1500</b>”" in findings(app)["held-out"]


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        ("0" * 20, "There is no run 00000000000000000000 on this server."),
        (CARDS["adding-gru"].run, "Only runs that learned French to English from up to 12 words are compared;"),
        (CARDS["translation-dates"].run, "Only runs that learned French to English from up to 12 words are compared;"),
    ],
)
def test_a_run_that_cannot_be_compared_is_one_sentence(run, sentence):
    app = opened(own=run)
    assert not app.exception
    assert len(app.error) == 1
    assert app.error[0].value.startswith(sentence)


def test_a_broken_link_is_one_sentence_and_the_default():
    app = opened(own="<b>no run</b>", view="everything")
    assert len(app.warning) == 1
    assert set(findings(app)) >= {"held-out"}


def test_what_a_reader_sees_is_at_most_250_words():
    held = sections("comparison")
    common = sum(len(held[name].split()) for name in ("lead", "why", "sources"))
    for names in (
        ("pace", "own"),
        ("learning", "predict-steps", "answer"),
        ("seconds", "predict-seconds", "answer"),
        ("heads",),
        ("exact",),
        ("bleu",),
    ):
        assert common + sum(len(held[name].split()) for name in names) <= 250


def test_what_is_said_to_be_the_same_is_the_same():
    from dataclasses import replace

    from seqviz.recipes.transformer_studies import comparison_study
    from seqviz.ui.lessons.transformer.comparison.told import how, lead

    none, additive, transformer = comparison_study().arms.values()
    assert none.task == additive.task == transformer.task
    assert none.training == additive.training == replace(transformer.training, schedule="constant", warmup=200)
    assert replace(none.model, attention="additive") == additive.model
    assert (transformer.training.schedule, transformer.training.optimizer, transformer.training.clip) == (
        "noam",
        "adam",
        "norm",
    )
    assert "batches of 64 and 1,500 steps of Adam at 0.003, clipped at norm 1," in how()
    assert "128 units a direction, the Transformer 2 layers of 4 heads, 64 numbers wide" in how()
    assert "the same 20,000 sentences" in lead()
