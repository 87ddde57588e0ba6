"""The page "Cost": the slide's figures at once, your own runs beside them, what is counted, a question, bad input."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from seqviz.errors import StoreError
from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.lab.view import empty_view, stored_view
from seqviz.store import Store
from seqviz.store.handles import Handle

ROOT = Path(__file__).parents[2]
PAGE = "pages/transformer/cost.py"
PERSON = "0" * 32


class LabInThisProcess:
    """What the page asks of a Lab: the shipped runs, and one run of the person's own, 90 seconds long."""

    def __init__(self):
        self.store = Store("memory://cost", str(ROOT / "pretrained"))
        self.mine, self.deleted = [], set()

    def view(self, run_id, person=None):
        return stored_view(self.store.open(run_id))

    def runs(self, person):
        assert person == PERSON
        return self.mine

    def attend(self, run_id, person):
        assert person == PERSON
        if run_id in self.deleted:
            raise StoreError(f"there is no run {run_id} here")
        return next(view for _, view in self.mine if view.id == run_id)

    def train(self, seconds, state="stopped"):
        experiment = Experiment(task=AddingConfig(), model=RecurrentConfig(name="gru"), training=TrainingConfig(steps=10))
        handle = Handle(run_id=experiment.run_id, name="my *GRU*", line=(experiment.to_json(),))
        view = replace(empty_view([experiment], state), seconds=seconds, steps_done=5, machine="Linux")
        self.mine.append((handle, view))


@pytest.fixture(autouse=True)
def lab(monkeypatch):
    one = LabInThisProcess()
    monkeypatch.setattr("seqviz.lab.Lab", lambda: one)
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()
    st.cache_data.clear()
    yield one
    st.cache_resource.clear()
    st.cache_data.clear()


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["person.id"] = PERSON
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.switch_page(PAGE).run()


def figure(app):
    assert not app.exception
    assert not app.error
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return next(each for each in sent if each.get("name") == "cost-of-training")


def test_the_finding_is_there_at_once_from_the_runs_that_came_along():
    app = opened()
    said = figure(app)["finding"]
    assert said.startswith("GPT-2's training took about 2,048 TPU days (5.6 years of one): ")
    assert "runs that came with this app" in said
    assert "nothing in this browser" in " ".join(each.value for each in app.markdown)


def test_every_shipped_card_is_a_mark_at_its_own_seconds():
    from seqviz.cards import read_cards

    drawn = next(each for each in figure(opened())["traces"] if each["name"] == "worker of this app")
    cards = read_cards(ROOT / "pretrained").values()
    assert sorted(drawn["x"]) == pytest.approx(sorted(card.seconds / 86_400 for card in cards))


def test_ones_own_runs_stand_in_the_title_and_on_their_row(lab):
    lab.train(90.0)
    found = figure(opened(against="ulmfit"))
    assert found["finding"] == "ULMFiT's training took 1 GPU day: 960 times as long as the run that you trained here (90 s)."
    assert "nothing in this browser" not in " ".join(each.value for each in opened().markdown)
    assert "you, here" in next(each for each in found["traces"] if each["name"] == "worker of this app")["y"]


def test_what_trains_is_drawn_again_as_it_goes(lab, monkeypatch):
    lab.train(10.0, "running")
    every, fragment = [], st.fragment
    monkeypatch.setattr("seqviz.ui.runs.followed.st.fragment", lambda run_every: every.append(run_every) or fragment)
    app = opened()
    assert figure(app)["finding"].endswith("as long as the run that you trained here (10 s).")
    assert every == [1.0]
    assert any("step 5 of 10" in each.proto.text for each in app.get("progress"))
    assert any(each.proto.text.startswith(r"My \*GRU\*: ") for each in app.get("progress"))
    (handle, view), *_ = lab.mine
    lab.mine[0] = (handle, replace(view, seconds=20.0, state="done"))
    every.clear()
    assert figure(app.run())["finding"].endswith("(20 s).")
    assert every == [None]


def test_a_run_that_was_deleted_while_it_trained_leaves_the_figure_standing(lab):
    lab.train(10.0, "running")
    lab.deleted = {view.id for _, view in lab.mine}
    assert "runs that came with this app" in figure(opened())["finding"]


def test_operations_of_a_shipped_network_are_six_times_weights_times_tokens():
    drawn = next(each for each in figure(opened(count="operations"))["traces"] if each["name"] == "worker of this app")
    from seqviz.cards import read_cards

    card = read_cards(ROOT / "pretrained")["characters-rnn"]
    run = Store("memory://other", str(ROOT / "pretrained")).open(card.run)
    weights = sum(int(rows) for rows in (97 * 128, 128 * 128, 128, 128, 97 * 128, 97))  # input, recurrent, biases, readout
    tokens = run.experiment.training.steps * run.experiment.training.batch_size * run.experiment.task.length
    told = next(text for text in drawn["customdata"] if text.startswith("characters-rnn"))
    index = drawn["customdata"].index(told)
    assert drawn["x"][index] == pytest.approx(6 * weights * tokens)
    assert not any(text.startswith("translation") for text in drawn["customdata"])


def test_only_what_is_counted_can_be_compared_with():
    app = opened(count="operations")
    assert "BERT's training took about 8.7·10¹⁹ to 2.6·10²⁰ operations" in figure(app)["finding"]
    control = next(each for each in app.button_group if each.key == "cost.against")
    assert len(control.options) == 2


def test_the_answer_is_computed_from_the_table():
    assert "doublings" not in " ".join(each.value for each in opened().markdown)
    told = " ".join(each.value for each in opened(guess="month").markdown)
    assert "**1.2 months: 11 doublings in 13 months.** You saw that." in told  # 2¹¹ = 2048
    assert "You saw that" not in " ".join(each.value for each in opened(guess="years").markdown)


@pytest.mark.parametrize(
    ("query", "told"), [({"against": "gpt3"}, "against must be one of ulmfit, gpt, bert, gpt2, got 'gpt3'")]
)
def test_a_broken_link_is_one_sentence_and_the_default(query, told):
    app = opened(**query)
    assert len(app.warning) == 1
    assert told in app.warning[0].value
    assert figure(app)["finding"].startswith("GPT-2's")


def test_what_a_reader_sees_is_at_most_250_words():
    from seqviz.ui.shell.content import sections

    held = {name: len(section.split()) for name, section in sections("cost").items()}
    assert sum(held.values()) - min(held["days"], held["operations"]) <= 250
