"""Transformers that come with the app: one that translates, and decoders alone on words and on characters of source code."""

from collections.abc import Mapping

from seqviz.experiment import Experiment, Parent, TrainingConfig, TransformerConfig
from seqviz.experiment.task import CharactersConfig, TranslationConfig, WordsConfig
from seqviz.recipes.influence import WORD_STAGES
from seqviz.recipes.recipe import Recipe

FINDINGS: Mapping[str, str] = {
    "translation-transformer": "No state is handed on: each word written looks at all words read, and at those before it.",
    "words-transformer": "A word that decides another is one look away, however many words come between.",
    "characters-transformer": "Without a recurrent state: each character looks back at those it needs, up to a hundred.",
}
WORD_RATE = 0.3  # of the recurrent networks' learning rates


def transformer_recipes(text: str) -> Mapping[str, Recipe]:
    """Return the Transformers that come with the app, by name; the character model learns from ``text``."""
    return {
        "translation-transformer": _recipe("translation-transformer", _translation()),
        "words-transformer": _recipe("words-transformer", *_words()),
        "characters-transformer": _recipe("characters-transformer", _characters(text)),
    }


def _recipe(name: str, *line: Experiment) -> Recipe:
    *before, last = line
    return Recipe(
        experiment=last, ancestors=tuple(before[::-1]), finding=FINDINGS[name], snapshot_bytes=0, keeps_checkpoint=False
    )


def _translation() -> Experiment:
    training = TrainingConfig(optimizer="adam", learning_rate=0.003, batch_size=64, steps=1500, schedule="noam", warmup=150)
    return Experiment(task=TranslationConfig(corpus="fr-en"), model=TransformerConfig(), training=training, seed=0)


def _words() -> list[Experiment]:
    line: list[Experiment] = []
    for fillers, rate, steps in WORD_STAGES:
        parent = Parent(run=line[-1].run_id, step=line[-1].last_step) if line else None
        training = TrainingConfig(optimizer="adam", learning_rate=WORD_RATE * rate, batch_size=128, steps=steps)
        model = TransformerConfig(name="causal", width=48, heads=4, inner=96)
        line.append(Experiment(task=WordsConfig(fillers=fillers), model=model, training=training, seed=0, parent=parent))
    return line


def _characters(text: str) -> Experiment:
    training = TrainingConfig(optimizer="adam", learning_rate=0.003, batch_size=32, steps=2500, schedule="noam", warmup=200)
    model = TransformerConfig(name="causal", width=96, heads=4, inner=192)
    return Experiment(task=CharactersConfig(length=100, text=text), model=model, training=training, seed=0)
