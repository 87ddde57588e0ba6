"""What a study measures of a run's learning is what the run recorded."""

import numpy as np
import pytest

from seqviz.errors import StoreError
from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.jobs.training import train_run
from seqviz.pretrain.learning import learning_curves, measure_learning
from seqviz.settings import settings
from seqviz.store import Store


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """A store with a run of 110 steps on sequences so short that they are learned at once."""
    store = Store(str(tmp_path_factory.mktemp("store")))
    training = TrainingConfig(optimizer="adam", learning_rate=0.03, batch_size=16, steps=110)
    experiment = Experiment(task=AddingConfig(length=2), model=RecurrentConfig(name="gru", hidden_size=8), training=training)
    train_run(experiment, store, settings().store, device="cpu")
    return store, experiment.run_id


def test_curves_are_means_of_fifty_steps(learned):
    store, run_id = learned
    loss = np.asarray(store.open(run_id).metrics.loss, dtype=float)
    curves = learning_curves(store, run_id)
    assert curves["loss"] == pytest.approx([loss[:50].mean(), loss[50:100].mean()], rel=1e-3)
    assert len(curves["metric"]) == 2


def test_it_tells_when_the_task_was_learned_and_how_it_ended(learned):
    store, run_id = learned
    loss = np.asarray(store.open(run_id).metrics.loss, dtype=float)
    measured = measure_learning(store, run_id)
    assert measured["loss"] == pytest.approx(loss[-50:].mean())
    first = next(step for step in range(50, 111) if loss[step - 50 : step].mean() < 0.01)
    assert measured["steps"] == first


def test_a_run_that_is_not_there_is_one_sentence(learned):
    with pytest.raises(StoreError, match="there is no run"):
        measure_learning(learned[0], "0" * 20)
