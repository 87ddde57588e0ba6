"""Recurrent networks that come with the app: on the adding problem, and on characters of source code."""

from collections.abc import Mapping

from seqviz.experiment import CELLS, Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig, CharactersConfig
from seqviz.recipes.recipe import Recipe

ADDING_FINDINGS = {
    "rnn": "A tanh RNN with PyTorch's default initialisation does not learn it: the gradient is gone long before step 1.",
    "lstm": "The loss lies still at the constant answer's for hundreds of steps, then falls within a hundred.",
    "gru": "It leaves the constant answer behind first, and comes closest.",
}
CHARACTER_FINDINGS = {
    "rnn": "A single state does all the work: it predicts from the last few characters.",
    "lstm": "Some cells hold on for whole lines: inside brackets, strings or comments.",
    "gru": "About as good as the LSTM with three quarters of the weights; its update gates show what is kept.",
}


def recurrent_recipes(text: str) -> Mapping[str, Recipe]:
    """Return the recurrent networks that come with the app, by name; character models learn from ``text``."""
    return {f"adding-{cell}": _adding(cell) for cell in CELLS} | {
        f"characters-{cell}": _characters(cell, text) for cell in CELLS
    }


def _adding(cell: str) -> Recipe:
    training = TrainingConfig(optimizer="adam", learning_rate=0.005, batch_size=50, steps=3000, clip="norm", threshold=1.0)
    experiment = Experiment(
        task=AddingConfig(length=100), model=RecurrentConfig(name=cell, hidden_size=64), training=training, seed=0
    )
    return Recipe(experiment=experiment, finding=ADDING_FINDINGS[cell], snapshot_bytes=450_000, keeps_checkpoint=True)


def _characters(cell: str, text: str) -> Recipe:
    training = TrainingConfig(optimizer="adam", learning_rate=0.004, batch_size=32, steps=5000, clip="norm", threshold=1.0)
    experiment = Experiment(
        task=CharactersConfig(length=100, text=text),
        model=RecurrentConfig(name=cell, hidden_size=128),
        training=training,
        seed=0,
    )
    return Recipe(experiment=experiment, finding=CHARACTER_FINDINGS[cell], snapshot_bytes=1_600_000, keeps_checkpoint=False)
