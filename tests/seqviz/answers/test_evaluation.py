"""Fresh sequences, the same at every call, are scored by the network's answers."""

import pytest
import torch

from seqviz.answers.evaluation import answer_evaluation, measure_fresh
from seqviz.errors import StoreError
from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import TemporalOrderConfig
from seqviz.jobs.training import train_run
from seqviz.models import trained_network
from seqviz.settings import settings
from seqviz.store import Store
from seqviz.subjects.evaluation import FreshSequences
from seqviz.tasks import build_task
from seqviz.training.seeds import HELD_OUT, data_seed

TRAINED = Experiment(
    task=TemporalOrderConfig(length=10),
    model=RecurrentConfig(name="gru", hidden_size=8),
    training=TrainingConfig(steps=60, batch_size=10, learning_rate=0.03),
    seed=2,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = Store(str(tmp_path_factory.mktemp("store")))
    train_run(TRAINED, store, settings().store, device="cpu")
    return store


def test_the_metric_is_the_share_of_right_answers_to_sequences_drawn_for_judging(store):
    judged = answer_evaluation(FreshSequences(run=TRAINED.run_id, sequences=40), store)
    model = trained_network(TRAINED.model, store.weights(TRAINED.run_id), answer="last")
    right = 0
    for part in range(4):
        batch = build_task(TRAINED.task).held_out(10, torch.Generator().manual_seed(data_seed(2, part, HELD_OUT)))
        right += int((model(batch.inputs).argmax(1) == batch.targets).sum())
    assert judged.metric == pytest.approx(right / 40)
    assert judged.sequences == 40


def test_errors_are_what_is_not_right(store):
    measured = measure_fresh(store, TRAINED.run_id)
    again = answer_evaluation(FreshSequences(run=TRAINED.run_id, sequences=2000), store)
    assert measured["errors"] == pytest.approx(1 - again.metric)
    assert (measured["steps"], measured["diverged"]) == (60.0, 0.0)


def test_a_run_that_is_not_here_is_one_sentence(store):
    with pytest.raises(StoreError, match="there is no run 0000"):
        answer_evaluation(FreshSequences(), store)
