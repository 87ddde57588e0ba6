"""Networks that come with the app for the past's influence: on the lag task, with and without a dependency, and on words."""

from collections.abc import Mapping

from seqviz.experiment import CELLS, Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import LagConfig, WordsConfig
from seqviz.recipes.recipe import Recipe

LAG, LENGTH = 8, 24
DATA: Mapping[str, bool] = {"lag": True, "noise": False}  # whether the answer depends on the past
LAG_FINDINGS = {
    "lag": "What it answers hangs on the symbol of eight steps ago: training makes the answer's Jacobian there grow.",
    "noise": "There is nothing to learn but that there is nothing: the answer's Jacobian stays small at every distance.",
}
WORD_FINDINGS = {
    "rnn": "It learns which words follow which; the further back the word that decides, the less it is felt.",
    "lstm": "A country, a thing, a number of things is kept over dozens of words that do not matter.",
    "gru": "It keeps what decides as the LSTM does, with three quarters of the weights.",
}


def influence_recipes() -> Mapping[str, Recipe]:
    """Return the networks of the lag task and the word language models that come with the app, by name."""
    lags = {f"{data}-{cell}": _lag(cell, data) for data in DATA for cell in CELLS}
    return lags | {f"words-{cell}": _words(cell) for cell in CELLS}


def _lag(cell: str, data: str) -> Recipe:
    training = TrainingConfig(optimizer="adam", learning_rate=0.01, batch_size=50, steps=600, clip="norm", threshold=1.0)
    experiment = Experiment(
        task=LagConfig(length=LENGTH, lag=LAG, dependent=DATA[data]),
        model=RecurrentConfig(name=cell, hidden_size=32),
        training=training,
        seed=0,
    )
    return Recipe(experiment=experiment, finding=LAG_FINDINGS[data], snapshot_bytes=0, keeps_checkpoint=False)


def _words(cell: str) -> Recipe:
    training = TrainingConfig(optimizer="adam", learning_rate=0.005, batch_size=64, steps=1800, clip="norm", threshold=1.0)
    experiment = Experiment(task=WordsConfig(), model=RecurrentConfig(name=cell, hidden_size=48), training=training, seed=0)
    return Recipe(experiment=experiment, finding=WORD_FINDINGS[cell], snapshot_bytes=0, keeps_checkpoint=False)
