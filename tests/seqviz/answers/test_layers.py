"""Untrained feed-forward networks are traced as asked; a run's sums are those of the moments it kept."""

import numpy as np
import pytest
import torch

from seqviz.answers.layers import answer_layers, answer_layers_agreement, layer_curves, measure_layers
from seqviz.errors import LimitError, StoreError
from seqviz.experiment import Experiment, FeedforwardConfig, RecurrentConfig, TrainingConfig
from seqviz.experiment.feedforward import CONNECTIONS, NORMALISATIONS, WEIGHTS
from seqviz.experiment.model import ACTIVATIONS
from seqviz.experiment.task import AddingConfig, SpiralsConfig
from seqviz.jobs.training import train_run
from seqviz.models.network import build_network
from seqviz.settings import settings
from seqviz.store import Store
from seqviz.subjects.layers import UntrainedFeedforward
from seqviz.training import Trainer


@pytest.mark.parametrize("kind", CONNECTIONS)
def test_every_layer_and_point_has_a_norm(kind):
    subject = UntrainedFeedforward(name=kind, depth=3, hidden_size=4, points=6)
    record = answer_layers(subject)
    assert record.state_norms.shape == (3, 6)
    assert np.isfinite(record.state_norms).all()
    assert answer_layers_agreement(subject).relative_error < 1e-4
    assert answer_layers(subject).state_norms.tolist() == record.state_norms.tolist()


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("initialisation", WEIGHTS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_switch_gives_finite_gradients(activation, initialisation, normalisation):
    for kind in CONNECTIONS:
        switches = {"activation": activation, "initialisation": initialisation, "normalisation": normalisation}
        record = answer_layers(UntrainedFeedforward(name=kind, depth=5, hidden_size=4, **switches))
        assert np.isfinite(record.state_norms).all()


def test_a_layer_above_the_last_is_the_last():
    one = UntrainedFeedforward(depth=3, hidden_size=4, activation="tanh", initialisation="xavier", layer=3)
    other = UntrainedFeedforward(depth=3, hidden_size=4, activation="tanh", initialisation="xavier", layer=90)
    assert answer_layers_agreement(one) == answer_layers_agreement(other)


@pytest.mark.parametrize("verb", [answer_layers, answer_layers_agreement])
def test_a_network_that_is_wider_than_allowed_is_one_sentence(verb):
    with pytest.raises(LimitError, match="hidden_size may be at most 512 on this server, got 600"):
        verb(UntrainedFeedforward(hidden_size=600))


@pytest.mark.parametrize("verb", [answer_layers, answer_layers_agreement])
def test_a_network_of_more_weights_than_allowed_is_one_sentence(verb):
    with pytest.raises(LimitError, match="would be joined by 1,297,612,800 weights, and this server allows 30,000,000"):
        verb(UntrainedFeedforward(name="dense", depth=100, hidden_size=512))


@pytest.mark.parametrize("kind", CONNECTIONS)
def test_weights_that_join_layers_are_those_of_the_network(kind):
    config = FeedforwardConfig(name=kind, depth=5, hidden_size=3)
    network = build_network(config, input_size=2, output_size=2, generator=torch.Generator())
    parts = [*network.linears, *network.gates]
    of_inputs = sum(3 * 2 for linear in network.linears if linear.in_features % 3)  # which read both coordinates
    assert config.joining_weights == sum(part.weight.numel() for part in parts) - of_inputs


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    store = Store(str(tmp_path_factory.mktemp("store")))
    model = FeedforwardConfig(depth=3, hidden_size=4, activation="tanh")
    experiment = Experiment(task=SpiralsConfig(), model=model, training=TrainingConfig(batch_size=8, steps=60))
    train_run(experiment, store, settings().store, device="cpu")
    return store, experiment


def test_a_runs_sums_are_those_of_a_probe(run):
    store, experiment = run
    curves = layer_curves(store, experiment.run_id)
    assert set(curves) == {"step", "1", "2", "3"}
    assert curves["step"][0] == 0
    assert curves["step"][-1] == 60
    first = Trainer(experiment).probe().weight_sums[0]
    assert [curves[str(layer)][0] for layer in (1, 2, 3)] == pytest.approx(first.tolist(), rel=1e-3)


def test_a_runs_measures_are_the_means_of_its_last_steps(run):
    store, experiment = run
    metrics = store.open(experiment.run_id).metrics
    assert measure_layers(store, experiment.run_id)["metric"] == pytest.approx(float(metrics.metric[-50:].mean()))


def test_a_probe_of_a_run_equals_autograd_on_its_own_batch(run):
    _, experiment = run
    trainer = Trainer(experiment)
    sums = trainer.probe().weight_sums[0]
    batch = trainer._batch(3, 0, 64)
    trainer.task.loss(trainer.model(batch.inputs), batch).backward()
    found = [float(linear.weight.grad.abs().sum()) for linear in trainer.model.linears]
    assert sums.tolist() == pytest.approx(found, rel=1e-4)


def test_runs_of_other_networks_have_no_sums(tmp_path):
    store = Store(str(tmp_path))
    other = Experiment(
        task=AddingConfig(length=4), model=RecurrentConfig(hidden_size=2), training=TrainingConfig(steps=1, batch_size=2)
    )
    train_run(other, store, settings().store, device="cpu")
    with pytest.raises(StoreError, match="is of no feed-forward network"):
        layer_curves(store, other.run_id)
    with pytest.raises(StoreError, match="there is no run"):
        measure_layers(store, "0" * 20)


def test_tracing_leaves_the_global_random_state_alone():
    before = torch.get_rng_state()
    answer_layers(UntrainedFeedforward(depth=2))
    assert torch.equal(before, torch.get_rng_state())
