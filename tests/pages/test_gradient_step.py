"""The page on one training step: the step shown is the one that training takes, of a new network and of a run."""

import json
from pathlib import Path

import pytest
from inprocess import LabInThisProcess, answered_by
from streamlit.testing.v1 import AppTest

from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.clipping import Explosion
from seqviz.experiment.task import CopyingConfig
from seqviz.figures.training_step import PHASES
from seqviz.jobs.training import train_run
from seqviz.settings import settings
from seqviz.store import open_store
from seqviz.training import Trainer
from seqviz.ui.lessons.gradient.step.settings import fresh
from seqviz.ui.runs.sharing import write_run

ROOT = Path(__file__).parents[2]
PAGE = "pages/gradient/step.py"


@pytest.fixture(autouse=True)
def _lab(monkeypatch, own_store):
    with answered_by(LabInThisProcess(), monkeypatch):
        yield


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["person.id"] = "0" * 32
    for name, value in query.items():
        app.query_params[name] = str(value)
    app = app.switch_page(PAGE).run()
    assert not app.exception
    return app


def drawn(app):
    parts = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return next(part for part in parts if "phases" in part)


class Settings(dict):
    """A page's settings, as the experiment is made from."""

    def config(self, config, **fixed):
        return config(**{name: value for name, value in self.items() if name in config.rules()} | fixed)


DEFAULTS = Settings(
    cell="rnn", hidden_size=4, length=6, optimizer="sgd", learning_rate=0.1, clip="norm", threshold=0.5, seed=0
)  # fmt: skip


def test_opens_with_the_first_step_of_a_small_network():
    app = opened()
    assert not app.error
    shown, row = drawn(app), Trainer(fresh(DEFAULTS)).step()
    assert shown["title"].startswith(f"Step 1 takes the loss on its own batch from {row.loss:.4g} to ")
    assert [phase for phase, _ in shown["phases"]] == ["before", "forward", "loss", "backward", "clip", "update", "after"]


def test_the_next_step_is_the_next_one_that_training_takes():
    app = opened(done=4)
    next(button for button in app.button if button.label == "Next step").click()
    app = app.run()
    trainer = Trainer(fresh(DEFAULTS))
    row = [trainer.step() for _ in range(6)][-1]
    assert drawn(app)["title"].startswith(f"Step 6 takes the loss on its own batch from {row.loss:.4g} ")


def test_a_run_that_comes_with_the_app_is_taken_apart():
    experiment = Explosion().trained("norm")
    app = opened(runs=write_run(experiment), done=3, weight="readout.weight")
    metrics = open_store().open(experiment.run_id).metrics
    shown, trainer = drawn(app), Trainer(experiment)
    loss = [trainer.step().loss for _ in range(4)][-1]  # this processor's own, to the last digit shown
    assert loss == pytest.approx(metrics.loss[3], rel=1e-4)
    assert shown["title"].startswith("Step 4 ")
    assert f"from {loss:.4g} to" in shown["title"]
    assert shown["parts"][0]["name"] == "readout weights"


def test_what_is_read_is_as_long_as_it_is_read():
    task = CopyingConfig(length=20)
    experiment = Experiment(
        task=task, model=RecurrentConfig(name="rnn", hidden_size=4), training=TrainingConfig(batch_size=3, steps=5)
    )
    longer = Trainer(experiment).data(0).inputs.shape[1]
    assert longer > task.length
    forward = dict(drawn(opened(runs=write_run(experiment)))["phases"])["forward"]
    assert f"reads 3 sequences of {longer} time steps." in forward


def test_before_the_first_step_there_is_none_to_go_back_to():
    assert "Step before" not in [button.label for button in opened().button]
    assert "Step before" in [button.label for button in opened(done=1).button]


@pytest.mark.parametrize(
    ("optimizer", "kept"),
    [
        ("momentum", ["velocity"]),
        ("rmsprop", ["mean square"]),
        ("adam", ["mean gradient", "mean square"]),
        ("adadelta", ["mean square", "mean squared update"]),
    ],
)
def test_an_optimizers_state_is_shown(optimizer, kept):
    parts = drawn(opened(optimizer=optimizer, done=1))["parts"]
    names = [part["name"] for part in parts if PHASES[part["phase"]] == "update"]
    assert names == [*kept, "update"]


def test_a_step_that_is_still_short_is_said_to_be():
    app = opened(guess="falls", learning_rate="0.0001")
    assert any("The gradient is the slope at one point, and this step is still short" in one.value for one in app.markdown)


def test_a_guess_is_answered_by_the_longer_step():
    app = opened(guess="rises")
    assert any(one.value.startswith("**Step 1 ") for one in app.markdown)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"threshold": "0"}, "threshold must be a number above 0 and at most 1,000,000,000, got 0.0"),
        ({"done": "-1"}, "done must be a whole number in"),
        ({"runs": "adding~lstm~seed-x"}, "seed must be a whole number"),
        ({"hidden_size": "99"}, "hidden_size must be a whole number in [1, 16]"),
    ],
)
def test_a_value_that_is_not_allowed_is_one_sentence(query, said):
    app = opened(**query)
    (warning,) = app.warning
    assert said in warning.value
    assert drawn(app)


def test_a_step_beyond_the_run_is_one_sentence():
    app = opened(done=5000)
    (error,) = app.error
    assert "must be in [0, 200], the steps of this run, got 5000" in error.value


def test_a_learning_rate_of_a_million_is_a_lesson():
    app = opened(learning_rate="1e6", clip="off")
    assert not app.error
    assert "It rises" in drawn(app)["title"] or drawn(app)["title"].startswith("Step 1: ")


def test_beyond_where_a_run_diverged_its_last_step_is_shown_and_the_buttons_go_on_from_it():
    experiment = Explosion(seed=1).trained("off")  # no shipped run: another processor diverges at another step
    last = train_run(experiment, open_store(), settings().store, device="cpu").steps_done
    app = opened(runs=write_run(experiment), done=300)
    (warning,) = app.warning
    assert warning.value.startswith(f"Step {last + 1}: ")
    assert warning.value.endswith(f"Step {last}, the last that was taken, is shown.")
    assert drawn(app)["title"].startswith(f"Step {last} ")
    next(button for button in app.button if button.label == "Next step").click()
    assert drawn(app.run())["title"].startswith(f"Step {last + 1}: ")
