"""Translators that come with the app: one for each way to attend, and one without attention."""

from collections.abc import Mapping

from seqviz.experiment import Experiment, Seq2SeqConfig, TrainingConfig
from seqviz.experiment.task import TranslationConfig
from seqviz.recipes.recipe import Recipe

TRANSLATION_FINDINGS = {
    "additive": "Its attention finds the word that is due, also where French and English order differ.",
    "dot": "States alone, compared by a product with no weights of its own, align nearly as well.",
    "general": "A matrix between the two states: what is compared is learned.",
    "scaled": "The product divided by √d: softer shares at the start, the same words in the end.",
    "none": "Everything goes through one vector: short sentences come out right, long ones are lost.",
}


def translation_recipes() -> Mapping[str, Recipe]:
    """Return the translators that come with the app, by name."""
    return {f"translation-{attention}": _translation(attention) for attention in TRANSLATION_FINDINGS}


def _translation(attention: str) -> Recipe:
    training = TrainingConfig(optimizer="adam", learning_rate=0.003, batch_size=64, steps=1500, clip="norm", threshold=1.0)
    experiment = Experiment(
        task=TranslationConfig(corpus="fr-en"),
        model=Seq2SeqConfig(attention=attention, order="before" if attention == "additive" else "after"),
        training=training,
        seed=0,
    )
    return Recipe(experiment=experiment, finding=TRANSLATION_FINDINGS[attention], snapshot_bytes=0, keeps_checkpoint=False)
