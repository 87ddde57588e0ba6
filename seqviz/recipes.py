"""The runs that come with the app: what each is trained on, and what there is to see in it. No torch here."""

from collections.abc import Mapping
from dataclasses import dataclass

from seqviz.experiment import CELLS, Experiment, RecurrentConfig, Seq2SeqConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig, CharactersConfig, TranslationConfig

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

TRANSLATION_FINDINGS = {
    "additive": "Its attention finds the word that is due, also where French and English order differ.",
    "dot": "States alone, compared by a product with no weights of its own, align nearly as well.",
    "general": "A matrix between the two states: what is compared is learned.",
    "scaled": "The product divided by √d: softer shares at the start, the same words in the end.",
    "none": "Everything goes through one vector: short sentences come out right, long ones are lost.",
}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One run that comes with the app: what to train, and how much of it to keep."""

    experiment: Experiment
    finding: str
    snapshot_bytes: int
    keeps_checkpoint: bool  # without, going on from the run trains it again first


def recipes(text: str) -> Mapping[str, Recipe]:
    """Return every run that comes with the app, by name; character models learn from the text called ``text``."""
    adding = {f"adding-{cell}": _adding(cell) for cell in CELLS}
    characters = {f"characters-{cell}": _characters(cell, text) for cell in CELLS}
    return adding | characters | {f"translation-{attention}": _translation(attention) for attention in TRANSLATION_FINDINGS}


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


def _translation(attention: str) -> Recipe:
    training = TrainingConfig(optimizer="adam", learning_rate=0.003, batch_size=64, steps=1500, clip="norm", threshold=1.0)
    experiment = Experiment(
        task=TranslationConfig(corpus="fr-en"),
        model=Seq2SeqConfig(attention=attention, order="before" if attention == "additive" else "after"),
        training=training,
        seed=0,
    )
    return Recipe(experiment=experiment, finding=TRANSLATION_FINDINGS[attention], snapshot_bytes=0, keeps_checkpoint=False)
