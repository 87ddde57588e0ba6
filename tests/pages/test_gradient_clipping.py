"""The page on clipping: every finding is computed from its runs. Runs are real, trained in this process without workers."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from inprocess import LabInThisProcess, answered_by
from streamlit.testing.v1 import AppTest

from seqviz.errors import LimitError, QueueFullError
from seqviz.experiment.clipping import SHORT
from seqviz.jobs.training import train_run
from seqviz.lab.view import empty_view, stored_view
from seqviz.measures.recovery import last_good_step
from seqviz.settings import settings
from seqviz.store import open_store
from seqviz.ui.lessons.gradient.clipping.views import fate

ROOT = Path(__file__).parents[2]
PAGE = "pages/gradient/clipping.py"
WHO = "0" * 32


class TrainingInThisProcess(LabInThisProcess):
    """A Lab that trains at once what is asked for, or lets it wait."""

    def __init__(self):
        self.queued, self.waits, self.room = {}, False, 100

    def view(self, run_id, person=None):
        trained = self.store.open(run_id) is not None
        return self.queued[run_id] if run_id in self.queued and not trained else super().view(run_id)

    def attend(self, run_id, person):
        return self.view(run_id)

    def submit(self, experiment, *, person, ancestors=(), until=None):
        if sum(view.live for view in self.queued.values()) >= self.room:
            raise QueueFullError("one person may have 8 runs queued or running on this server, and you have 8; stop one first")
        self.store.handles.take(person, (experiment, *ancestors), "clipping")
        self.queued[experiment.run_id] = empty_view([experiment, *ancestors], "queued")
        if not self.waits:
            train_run(
                experiment, self.store, replace(settings().store, snapshot_bytes=0), ancestors=tuple(ancestors), device="cpu"
            )
        return self.view(experiment.run_id)

    def stop(self, run_id, person):
        self.store.handles.set_state(person, run_id, "stopped")
        self.queued[run_id] = replace(self.queued[run_id], state="stopped")


@pytest.fixture(autouse=True)
def lab(monkeypatch, own_store):
    with answered_by(TrainingInThisProcess(), monkeypatch) as made:
        yield made


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["person.id"] = WHO
    for name, value in query.items():
        app.query_params[name] = str(value)
    app = app.switch_page(PAGE).run()
    assert not app.exception
    return app


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    app.query_params.clear()
    app.query_params.update(app.session_state["clipping.settings"]["link"])  # a browser would have kept the address in step
    app = app.run()
    assert not app.exception
    return app


def figures(app):
    """The figures that the browser is sent, by the names of their files."""
    parts = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {part["name"]: part for part in parts if "traces" in part}


def labels(app):
    return [button.label for button in app.button]


def test_opens_with_the_same_network_clipped_by_norm_and_by_value():
    app = opened()
    assert not app.error
    drawn = figures(app)
    assert list(drawn) == ["norms-clipped-by-norm", "norms-clipped-by-value", "angle", "loss"]
    metrics = open_store().open(SHORT.trained("norm").run_id).metrics
    share = round(100 * metrics.clipped.mean())
    assert f"({share} %)" in drawn["norms-clipped-by-norm"]["finding"]
    assert drawn["angle"]["finding"].startswith("By norm the direction stays at every one of ")
    assert "by value it turns" in drawn["angle"]["finding"]


def test_another_threshold_is_trained_on_request():
    app = opened(threshold="0.2", steps="30")
    assert not figures(app)
    assert any("Nobody has trained this here yet" in info.value for info in app.info)
    app = press(app, "Train both")
    drawn = figures(app)
    assert "of 30 steps" in drawn["norms-clipped-by-norm"]["finding"]
    record = open_store().open(replace(SHORT, steps=30).trained("norm", 0.2).run_id).metrics
    assert (record.applied_norm <= 0.2 + 1e-12).all()
    np.testing.assert_allclose(record.cosine, 1.0, atol=1e-12)


def test_the_page_opens_with_networks_that_learn_and_says_so_where_nothing_is_learned():
    told = "No network here does clearly better than always answering 1"
    assert not any(one.value.startswith(told) for one in opened().caption)
    assert any(one.value.startswith(told) for one in opened(length="50", steps="500").caption)


def test_a_button_that_waits_says_why_beside_it():
    assert any(one.value == "Trained to the end: change a setting to train another." for one in opened().caption)
    assert not any("Trained to the end" in one.value for one in opened(threshold="0.3").caption)
    app = opened(threshold="0.3")
    app.number_input(key="clipping.threshold").set_value(0.0).run()
    assert any(one.value == "A setting is not allowed: it says why." for one in app.caption)


def test_only_who_trains_a_run_is_offered_to_cancel_it(lab):
    lab.waits = True
    app = press(opened(threshold="0.3"), "Train both")
    assert "Cancel" in labels(app)
    for run in lab.queued:
        lab.store.handles.set_state(WHO, run, "stopped")  # it goes on for somebody else
    app = opened(threshold="0.3")
    assert "Cancel" not in labels(app)
    assert any(one.value == "Somebody else trains this: it is drawn as it goes." for one in app.caption)


def test_a_guess_is_answered_by_the_run_without_clipping():
    app = opened(guess="ends")
    assert any("You saw that" in one.value for one in app.markdown)
    assert "it stopped at step" in figures(app)["without-clipping"]["finding"]


def test_the_answer_tells_how_many_finite_steps_came_after_the_last_good_one(lab):
    run = open_store().open(SHORT.trained("off").run_id)
    after = run.status.steps_done - last_good_step(run.metrics)
    assert any(f"it still took {after} steps whose numbers are finite" in one.value for one in opened(guess="same").markdown)
    assert not any("You saw that" in one.value for one in opened(guess="worse").markdown)


def test_the_guess_that_is_right_is_the_runs_own_fate():
    def ended(state, loss):
        view = stored_view(open_store().open(SHORT.trained("norm").run_id))
        return replace(view, state=state, metrics=replace(view.metrics, loss=np.full_like(view.metrics.loss, loss)))

    assert fate(ended("diverged", 0.1), ended("done", 0.1)) == "ends"
    assert fate(ended("done", 0.12), ended("done", 0.1)) == "same"
    assert fate(ended("done", 0.13), ended("done", 0.1)) == "worse"


def test_a_network_that_was_not_trained_to_its_end_answers_nothing(lab, monkeypatch):
    view = lab.view
    monkeypatch.setattr(lab, "view", lambda run, person=None: replace(view(run), state="interrupted"))
    app = opened(guess="worse")
    assert any("has not been trained to its end" in error.value for error in app.error)
    assert not any("You saw that" in one.value for one in app.markdown)


def test_back_from_infinity_opens_with_the_run_that_came_with_the_app():
    app = opened(view="diverged")
    run = open_store().open(SHORT.trained("off").run_id)
    good = last_good_step(run.metrics)
    assert run.status.state == "diverged"
    assert figures(app)["back-from-infinity"]["finding"].endswith(
        f"it stopped at step {run.status.steps_done + 1}: the loss is infinite. Step {good} was its last good one."
    )
    assert f"Go back to step {good}, with clipping on" in labels(app)


def test_a_run_that_diverged_is_gone_back_to_with_clipping_on_and_keeps_its_record():
    app = press(opened(view="diverged", steps="60", seed="1"), "Train without clipping")
    before = open_store().open(replace(SHORT, steps=60, seed=1).trained("off").run_id)
    assert before.status.state == "diverged"
    good = last_good_step(before.metrics)
    app = press(app, f"Go back to step {good}, with clipping on")
    assert f"From step {good}, with clipping on, it went on to step 60" in figures(app)["back-from-infinity"]["finding"]
    norms, losses = figures(app)["back-from-infinity"], figures(app)["losses"]
    told = norms["finding"].rpartition("its loss is ")[2].rstrip(".")
    assert losses["finding"].endswith(f"with clipping on {told} after 60 steps.")
    by_name = [
        {trace["name"]: trace["line"]["color"] for trace in one["traces"] if trace["mode"] == "lines"}
        for one in (norms, losses)
    ]
    assert by_name[0]["without clipping"] == by_name[1]["without clipping"]
    assert by_name[0]["with clipping on: after"] == by_name[1]["with clipping on"]
    after = open_store().open(before.id)
    np.testing.assert_array_equal(after.metrics.gradient_norm, before.metrics.gradient_norm)
    assert after.status == before.status


def test_a_learning_rate_of_a_million_is_a_lesson():
    app = opened(view="diverged", learning_rate="1e6", steps="40")
    app = press(app, "Train without clipping")
    assert not app.error
    assert figures(app)["back-from-infinity"]["finding"]


@pytest.mark.parametrize("name", ["threshold", "limit", "learning_rate", "steps", "lengths", "factor", "view"])
def test_a_value_that_is_not_allowed_is_one_sentence(name):
    app = opened(**{name: "0"})
    (warning,) = app.warning
    assert f"{name} must be" in warning.value
    assert figures(app)


def test_optimizers_are_compared_over_seeds_and_raced_on_request(monkeypatch):
    monkeypatch.setattr("seqviz.experiment.clipping.RACE_STEPS", 50)
    app = opened(view="optimizers")
    assert "the median of 5 seeds: " in figures(app)["optimizers-study"]["finding"]
    app = press(app, "Race them here")
    assert "one seed each: " in figures(app)["optimizers-here"]["finding"]


def test_the_sweep_opens_with_what_came_with_the_app():
    drawn = figures(opened(view="sweep"))
    assert list(drawn) == ["temporal-order-success", "temporal-order-errors"]
    assert "networks solve temporal order with clipping" in drawn["temporal-order-success"]["finding"]


def test_the_sweep_is_handed_in_as_far_as_the_queue_allows_and_cancelled(lab):
    lab.waits, lab.room = True, 3
    app = press(opened(view="sweep", lengths="10", seeds="2"), "Run the sweep here")
    assert sum(view.live for view in lab.queued.values()) == 3
    assert any(
        "0 of 4 runs ended, 0 in training, 3 waiting, 1 not handed in yet" in each.proto.text for each in app.get("progress")
    )
    app = press(app, "Cancel")
    assert not any(view.live for view in lab.queued.values())
    assert "Run the sweep here" in labels(app)


def test_what_comes_with_seqviz_is_shown_without_cancelling_and_another_persons_runs_are_left_alone(lab):
    lab.waits = True
    app = press(opened(view="sweep", lengths="10", seeds="2"), "Run the sweep here")
    app = press(app, "Show what comes with seqviz")
    assert sum(view.live for view in lab.queued.values()) == 4
    lab.store.handles.set_state(WHO, next(iter(lab.queued)), "stopped")  # it goes on for somebody else
    press(press(app, "Run the sweep here"), "Cancel")
    assert [view.live for view in lab.queued.values()] == [True, False, False, False]


def test_a_sweep_that_this_server_does_not_take_says_so(lab, monkeypatch):
    def refused(*args, **more):
        raise LimitError("length may be at most 8 on this server, got 10")

    monkeypatch.setattr(lab, "submit", refused)
    app = press(opened(view="sweep", lengths="10", seeds="2"), "Run the sweep here")
    assert [error.value for error in app.error] == ["Length may be at most 8 on this server, got 10."]
    assert "Cancel" in labels(app)


def test_the_sweep_fills_in_as_runs_end(lab, monkeypatch):
    monkeypatch.setattr("seqviz.ui.lessons.gradient.clipping.sweep.FRESH", 40)
    monkeypatch.setattr("seqviz.ui.lessons.gradient.clipping.settings.temporal_order", quick_run)
    app = press(opened(view="sweep", lengths="10", seeds="2"), "Run the sweep here")
    drawn = figures(app)
    assert drawn["temporal-order-success"]["finding"].startswith("As many networks solve each length")
    assert sum(len(trace["x"]) for trace in drawn["temporal-order-errors"]["traces"]) == 4


def test_a_sweep_tells_how_long_it_still_takes_and_long_sequences_count_for_more():
    def page():
        import time
        from dataclasses import replace
        from unittest import mock

        import streamlit as st

        from seqviz.experiment.clipping import temporal_order
        from seqviz.lab.view import empty_view
        from seqviz.ui.lessons.gradient.clipping.sweep import time_left, work_done

        runs = {("norm", length, 0): temporal_order(length, "norm", 0, steps=3) for length in (10, 30)}
        key, experiment = next(iter(runs.items()))
        moments = ((100, "running", 0), (102, "running", 1), (110, "failed", 0), (111, "queued", 0), (190, "running", 0))
        for now, state, steps in moments:
            view = replace(empty_view([experiment], state), steps_done=steps)
            share = work_done(runs, {key: view})
            with mock.patch.object(time, "monotonic", lambda now=now: now):
                st.text(f"{share}{time_left(runs, share, training=state != 'queued')}")

    app = AppTest.from_function(page).run()
    assert [text.value for text in app.text] == ["0.0", f"{1 / 12}", "0.25; about 30 s left", "0.0", "0.0"]


def quick_run(length, clip, seed):
    from seqviz.experiment.clipping import temporal_order

    return temporal_order(length, clip, seed, steps=3)
