"""Networks that come with the app for the past's influence: on the lag task, with and without a dependency, and on words."""

from collections.abc import Mapping

from seqviz.experiment import CELLS, Experiment, Parent, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import LagConfig, WordsConfig
from seqviz.recipes.recipe import Recipe

LAG, LENGTH = 8, 24
LAG_TRAINED: Mapping[str, tuple[int, float]] = {"rnn": (300, 0.01), "lstm": (900, 0.01), "gru": (900, 0.005)}  # enough for each
DATA: Mapping[str, bool] = {"lag": True, "noise": False}  # whether the answer depends on the past
WORD_STAGES = ((1, 0.01, 1500), (5, 0.005, 1500), (5, 0.001, 500))  # fillers, learning rate, training steps
WORD_SEEDS: Mapping[str, int] = {"rnn": 1, "lstm": 0, "gru": 0}  # the RNN's is the better of two
LAG_FINDINGS = {
    "lag": "What it answers hangs on the symbol of eight steps ago: training makes the answer's Jacobian there grow.",
    "noise": "There is nothing to learn but that there is nothing: the answer's Jacobian stays small at every distance.",
}
WORD_FINDINGS = {
    "rnn": "It tells one thing from several; which thing, and which country, it loses the sooner the more words come between.",
    "lstm": "A thing, a country, a number is kept over as many words as it learned to bridge, and is lost beyond.",
    "gru": "It keeps what decides far beyond the longest sentence that it learned from.",
}


def influence_recipes() -> Mapping[str, Recipe]:
    """Return the networks of the lag task and the word language models that come with the app, by name."""
    lags = {f"{data}-{cell}": _lag(cell, data) for data in DATA for cell in CELLS}
    return lags | {f"words-{cell}": _words(cell) for cell in CELLS}


def _lag(cell: str, data: str) -> Recipe:
    steps, rate = LAG_TRAINED[cell]
    training = TrainingConfig(optimizer="adam", learning_rate=rate, batch_size=50, steps=steps, clip="norm", threshold=1.0)
    experiment = Experiment(
        task=LagConfig(length=LENGTH, lag=LAG, dependent=DATA[data]),
        model=RecurrentConfig(name=cell, hidden_size=32, initialisation="orthogonal" if cell == "rnn" else "default"),
        training=training,
        seed=0,
    )
    return Recipe(experiment=experiment, finding=LAG_FINDINGS[data], snapshot_bytes=0, keeps_checkpoint=False)


def _words(cell: str) -> Recipe:
    line: list[Experiment] = []
    for fillers, rate, steps in WORD_STAGES:
        parent = Parent(run=line[-1].run_id, step=line[-1].last_step) if line else None
        training = TrainingConfig(optimizer="adam", learning_rate=rate, batch_size=128, steps=steps, clip="norm", threshold=1.0)
        model = RecurrentConfig(name=cell, hidden_size=48)
        line.append(
            Experiment(task=WordsConfig(fillers=fillers), model=model, training=training, seed=WORD_SEEDS[cell], parent=parent)
        )
    *before, last = line
    return Recipe(
        experiment=last, ancestors=tuple(before[::-1]), finding=WORD_FINDINGS[cell], snapshot_bytes=0, keeps_checkpoint=False
    )
