"""The script of a feed-forward network, and that of dropout, write the very numbers that the lab records."""

import runpy
import sys
from dataclasses import fields, replace

import numpy as np
import pytest

from seqviz.experiment import Experiment, FeedforwardConfig, Parent, RecurrentConfig, TrainingConfig
from seqviz.experiment.feedforward import CONNECTIONS, WEIGHTS
from seqviz.experiment.task import LagConfig, SpiralsConfig
from seqviz.export import metrics_csv, training_script
from seqviz.records import Metrics
from seqviz.training import Trainer

TRAINING = TrainingConfig(optimizer="momentum", learning_rate=0.05, batch_size=6, steps=4, threshold=0.1)
SMALL = Experiment(task=SpiralsConfig(classes=3), model=FeedforwardConfig(depth=3, hidden_size=4), training=TRAINING, seed=5)
NETWORKS = [
    *(FeedforwardConfig(name=kind, depth=3, hidden_size=4, normalisation="batch") for kind in CONNECTIONS),
    *(FeedforwardConfig(depth=2, hidden_size=4, activation="tanh", initialisation=how) for how in WEIGHTS),
    FeedforwardConfig(name="highway", depth=3, hidden_size=4, activation="sigmoid", normalisation="layer", gate_bias=-1.0),
]
DROPPING = [
    RecurrentConfig(name="lstm", hidden_size=3, layers=2, dropout="layers"),
    RecurrentConfig(name="gru", hidden_size=3, layers=2, dropout="recurrent", dropout_rate=0.5),
    RecurrentConfig(name="rnn", activation="sigmoid", hidden_size=3, layers=2, dropout="layers"),
    RecurrentConfig(name="rnn", hidden_size=3, bidirectional=True, dropout="variational"),
]
CUTTING = [
    RecurrentConfig(name="lstm", hidden_size=3, layers=2, backpropagation="truncated", window=3, stride=2),
    RecurrentConfig(name="rnn", hidden_size=3, backpropagation="truncated", window=2, carried=False),
]


def lab_metrics(experiment, start=None):
    trainer = Trainer(experiment, start=start)
    rows = []
    while not trainer.finished:
        rows.append(trainer.step())
    columns = {one.name: np.array([getattr(row, one.name) for row in rows]) for one in fields(Metrics)}
    return metrics_csv(Metrics(**columns)), trainer.checkpoint()


@pytest.fixture
def script_metrics(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["script.py"])

    def metrics(script):
        (tmp_path / "script.py").write_text(script, encoding="utf-8")
        runpy.run_path("script.py", run_name="__main__")
        return (tmp_path / "metrics.csv").read_text()

    return metrics


@pytest.mark.parametrize("model", NETWORKS, ids=lambda model: str(model.to_query()))
def test_script_of_a_feedforward_network(model, script_metrics):
    experiment = replace(SMALL, model=model)
    assert script_metrics(training_script(experiment)) == lab_metrics(experiment)[0]


def test_script_of_a_network_that_goes_on_from_another(script_metrics):
    child = replace(SMALL, training=replace(TRAINING, optimizer="adam", steps=2), parent=Parent(run=SMALL.run_id, step=4))
    _, start = lab_metrics(SMALL)
    assert script_metrics(training_script(child, (SMALL,))) == lab_metrics(child, start)[0]


def test_script_of_a_network_with_a_schedule(script_metrics):
    experiment = replace(SMALL, training=replace(TRAINING, schedule="noam", warmup=2))
    assert script_metrics(training_script(experiment)) == lab_metrics(experiment)[0]


@pytest.mark.parametrize("model", DROPPING, ids=lambda model: str(model.to_query()))
def test_script_of_a_network_with_dropout(model, script_metrics):
    experiment = Experiment(task=LagConfig(length=6, lag=2), model=model, training=replace(TRAINING, optimizer="adam"), seed=3)
    script = training_script(experiment)
    assert "dropout" in script.splitlines()[3]
    assert script_metrics(script) == lab_metrics(experiment)[0]
    assert max(map(len, script.splitlines())) <= 160


@pytest.mark.parametrize("model", CUTTING, ids=lambda model: str(model.to_query()))
def test_script_of_a_network_whose_gradient_is_cut(model, script_metrics):
    experiment = Experiment(task=LagConfig(length=7, lag=2), model=model, training=replace(TRAINING, optimizer="adam"), seed=3)
    script = training_script(experiment)
    assert "gradient cut every 2 steps" in script
    assert script_metrics(script) == lab_metrics(experiment)[0]
    assert (
        script_metrics(training_script(replace(experiment, model=replace(model, window=7, stride=7))))
        != lab_metrics(experiment)[0]
    )
