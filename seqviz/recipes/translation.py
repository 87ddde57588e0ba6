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

SEQUENCE_FINDINGS = {
    "dates": "Dates in many ways of writing, as YYYY-MM-DD: it looks for the year first, wherever that stands.",
    "reversal": "Attention runs backwards through the symbols.",
    "sorting": "Attention jumps to the next symbol in the alphabet's order, wherever it stands.",
}
LONGEST = {"dates": 25, "reversal": 12, "sorting": 12}


def translation_recipes() -> Mapping[str, Recipe]:
    """Return the translators that come with the app, by name."""
    attentions = {f"translation-{attention}": _translation(attention) for attention in TRANSLATION_FINDINGS}
    return attentions | {f"translation-{corpus}": _sequences(corpus) for corpus in SEQUENCE_FINDINGS}


def _translation(attention: str) -> Recipe:
    training = TrainingConfig(optimizer="adam", learning_rate=0.003, batch_size=64, steps=1500, clip="norm", threshold=1.0)
    experiment = Experiment(
        task=TranslationConfig(corpus="fr-en"),
        model=Seq2SeqConfig(attention=attention, order="before" if attention == "additive" else "after"),
        training=training,
        seed=0,
    )
    return Recipe(experiment=experiment, finding=TRANSLATION_FINDINGS[attention], snapshot_bytes=0, keeps_checkpoint=False)


def _sequences(corpus: str) -> Recipe:
    training = TrainingConfig(optimizer="adam", learning_rate=0.005, batch_size=64, steps=1500, clip="norm", threshold=1.0)
    experiment = Experiment(
        task=TranslationConfig(corpus=corpus, longest=LONGEST[corpus]),
        model=Seq2SeqConfig(hidden_size=64, embedding_size=32, attention="additive", order="before"),
        training=training,
        seed=0,
    )
    return Recipe(experiment=experiment, finding=SEQUENCE_FINDINGS[corpus], snapshot_bytes=0, keeps_checkpoint=False)
