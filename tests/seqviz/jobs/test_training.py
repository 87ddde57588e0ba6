"""Training a run as a worker does it, here in this process."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seqviz.corpora import CORPORA
from seqviz.errors import StoreError
from seqviz.experiment import Experiment, Parent, RecurrentConfig, Seq2SeqConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig, TranslationConfig
from seqviz.jobs import recorder
from seqviz.jobs.orders import Orders
from seqviz.jobs.training import train_run
from seqviz.records import METRIC_COLUMNS
from seqviz.settings import settings
from seqviz.store import RunWriter, Store


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path))


@pytest.fixture
def keep(monkeypatch):
    """Commit after every step."""
    monkeypatch.setattr(recorder, "COMMIT_SHARE", 0)
    return replace(settings().store, checkpoint_seconds=0)


@pytest.fixture
def experiment():
    return Experiment(
        task=AddingConfig(length=5),
        model=RecurrentConfig(name="gru", hidden_size=3),
        training=TrainingConfig(steps=60, batch_size=4),
    )


class Crash(BaseException):
    """Like a kill: nothing handles it."""


def crash_after(step: int, experiment: Experiment, store: Store, keep) -> None:
    def report(event: dict) -> None:
        if event["kind"] == "saved" and event["steps_done"] >= step:
            raise Crash

    with pytest.raises(Crash):
        train_run(experiment, store, keep, report=report)


def same(a, b):
    for name in ("step", *METRIC_COLUMNS):
        np.testing.assert_array_equal(getattr(a.metrics, name), getattr(b.metrics, name))
    for name in ("step", "hidden_norms", "direct_norms"):
        np.testing.assert_array_equal(getattr(a.probes, name), getattr(b.probes, name))
    for gate in ("reset", "update"):
        np.testing.assert_array_equal(a.probes.gate_means[gate], b.probes.gate_means[gate])


def test_a_crashed_run_goes_on_from_its_checkpoint_to_the_same_numbers(store, keep, experiment, tmp_path):
    whole = Store(str(tmp_path / "whole"))
    assert train_run(experiment, whole, keep).state == "done"
    crash_after(7, experiment, store, keep)
    assert store.open(experiment.run_id).status.state == "running"
    crash_after(30, experiment, store, keep)
    assert train_run(experiment, store, keep).state == "done"

    same(store.open(experiment.run_id), whole.open(experiment.run_id))
    for name, array in whole.checkpoint(experiment.run_id).items():
        np.testing.assert_array_equal(store.checkpoint(experiment.run_id)[name], array, err_msg=name)


def test_snapshots_can_be_opened_and_are_those_of_their_step(store, keep, experiment):
    train_run(experiment, store, keep)
    run = store.open(experiment.run_id)
    assert run.snapshot_steps[0] == 0
    assert run.snapshot_steps[-1] == 60

    stopped = replace(keep, snapshots=2)
    for step in run.snapshot_steps[1:3]:
        shorter = Store(store.url + f"-{step}")
        train_run(experiment, shorter, stopped, orders=Orders(until=step))
        for name, array in shorter.weights(experiment.run_id).items():
            np.testing.assert_array_equal(store.weights(experiment.run_id, step)[name], array)


def test_stopping_keeps_what_was_learned(store, keep, experiment):
    outcome = train_run(experiment, store, keep, orders=Orders(end="stopped", until=None))

    assert (outcome.state, outcome.steps_done) == ("stopped", 0)
    assert store.open(experiment.run_id).status.state == "stopped"
    assert train_run(experiment, store, keep).state == "done"


def test_a_parent_is_trained_again_to_the_step_where_its_child_begins(store, keep, experiment, tmp_path):
    child = replace(experiment, parent=Parent(run=experiment.run_id, step=25), seed=9)
    train_run(child, store, keep, ancestors=(experiment,))
    there = Store(str(tmp_path / "there"))
    train_run(experiment, there, keep, orders=Orders(until=25))
    train_run(child, there, keep)

    same(store.open(child.run_id), there.open(child.run_id))
    assert store.open(child.run_id).ancestors == (experiment,)


def test_training_an_ancestor_again_can_be_cancelled(store, keep, experiment):
    child = replace(experiment, parent=Parent(run=experiment.run_id, step=25))

    assert train_run(child, store, keep, ancestors=(experiment,), orders=Orders(end="stopped")).state == "stopped"


def test_a_full_disk_ends_the_run_and_loses_nothing_that_was_saved(store, keep, experiment, monkeypatch):
    crash_after(7, experiment, store, keep)
    kept = store.open(experiment.run_id).status.steps_done

    def full(*arguments):
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(RunWriter, "commit", full)
        with pytest.raises(StoreError, match="full"):
            train_run(experiment, store, keep)
    assert store.open(experiment.run_id).status.steps_done == kept
    assert train_run(experiment, store, keep).state == "done"


def test_an_unforeseen_failure_is_a_failed_run_with_its_reason(store, keep, experiment, monkeypatch):
    from seqviz.training import Trainer

    def exhausted(trainer):
        raise RuntimeError("CUDA out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "step", exhausted)
        outcome = train_run(experiment, store, keep)
    assert outcome.state == "failed"
    assert "CUDA out of memory" in outcome.message
    assert store.open(experiment.run_id).status.message == outcome.message


def test_a_run_leaves_no_more_than_its_files(store, keep, experiment):
    train_run(experiment, store, keep)
    folder = Path(store.url, "runs", experiment.run_id)
    names = {path.name.split("-")[0] for path in folder.iterdir()}

    assert names == {"status.json", "experiment.json", "metrics", "probes", "weights", "checkpoint", "snapshot"}
    assert len([1 for path in folder.iterdir() if not path.name.startswith("snapshot")]) == 6


def test_a_translation_is_kept_with_its_words_and_its_encoders_gradients(store, keep):
    task = TranslationConfig(corpus="reversal", sentences=200, longest=4)
    model = Seq2SeqConfig(hidden_size=4, embedding_size=3)
    experiment = Experiment(task=task, model=model, training=TrainingConfig(steps=3, batch_size=4))
    assert train_run(experiment, store, keep).state == "done"
    run = store.open(experiment.run_id)
    assert run.metrics.step.tolist() == [1, 2, 3]
    assert run.probes.hidden_norms.shape[1:3] == (1, 2)
    kept = json.loads(store.vocabulary(experiment.run_id))
    assert kept == {"source": list(CORPORA["reversal"].source_words), "target": list(CORPORA["reversal"].target_words)}
    assert store.weights(experiment.run_id)["target_embedding.weight"].shape == (len(kept["target"]) + 4, 3)
