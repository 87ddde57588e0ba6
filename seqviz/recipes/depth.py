"""Feed-forward networks that come with the app: the same depth and width, joined in four ways; and the study of activations."""

from collections.abc import Mapping

from seqviz.experiment import Experiment, FeedforwardConfig, TrainingConfig
from seqviz.experiment.feedforward import CONNECTIONS
from seqviz.experiment.model import ACTIVATIONS
from seqviz.experiment.task import SpiralsConfig
from seqviz.recipes.recipe import Recipe
from seqviz.studies import SEEDS, Study, seeds_each

TRAINING = TrainingConfig(
    optimizer="momentum", learning_rate=0.05, momentum=0.9, batch_size=64, steps=600, clip="norm", threshold=1.0
)  # fmt: skip
SLOWLY = TrainingConfig(optimizer="sgd", learning_rate=0.1, batch_size=64, steps=400, clip="off")
FINDINGS: Mapping[str, str] = {
    "plain": "It only guesses: layer 1 gets less than a millionth of the last layer's gradient, before training and after.",
    "residual": "It tells the arms apart; what is added on the way makes the gradient grow towards layer 1.",
    "dense": "Every layer has a short way to the loss, and it tells the arms apart.",
    "highway": "It tells the arms apart: its gates let pass what comes from below, and the gradient on its way back too.",
}
DEPTHS = (2, 4, 6, 8, 10)


def depth_recipes() -> Mapping[str, Recipe]:
    """Return the feed-forward networks that come with the app, by name."""
    return {
        f"depth-{kind}": Recipe(
            experiment=spirals_experiment(FeedforwardConfig(name=kind), 0), finding=FINDINGS[kind], snapshot_bytes=0,
            keeps_checkpoint=False,
        )
        for kind in CONNECTIONS
    }  # fmt: skip


def spirals_experiment(model: FeedforwardConfig, seed: int) -> Experiment:
    """Return the experiment that trains ``model`` on two spirals, as the networks that come with the app were."""
    return Experiment(task=SpiralsConfig(), model=model, training=TRAINING, seed=seed)


def connection_study() -> Study:
    """Return the study of the ways to join layers: the shipped networks' own experiments, from several seeds each."""
    return Study(
        name="connections",
        title=f"Plain, residual, dense and highway networks, the same settings, {seeds_each(SEEDS)}.",
        arms={kind: spirals_experiment(FeedforwardConfig(name=kind), 0) for kind in CONNECTIONS},
        seeds=SEEDS,
        measure="reach",
    )


def activation_experiment(activation: str, depth: int, seed: int) -> Experiment:
    """Return the experiment that trains a plain network on two spirals, as those of the study of activations were."""
    model = FeedforwardConfig(name="plain", depth=depth, activation=activation, initialisation="xavier")
    return Experiment(task=SpiralsConfig(), model=model, training=SLOWLY, seed=seed)


def activation_study() -> Study:
    """Return the study of activations: plain networks of several depths, from several seeds each."""
    return Study(
        name="activations",
        title=f"ReLU, tanh and sigmoid in plain networks of 2 to 10 hidden layers, the same settings, {seeds_each(SEEDS)}.",
        arms={f"{name}-{depth}": activation_experiment(name, depth, 0) for depth in DEPTHS for name in ACTIVATIONS},
        seeds=SEEDS,
        measure="layers",
    )
