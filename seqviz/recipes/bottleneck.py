"""Small translators that come with the app: one reads forwards, one backwards; four differ in their seed alone."""

from collections.abc import Mapping

from seqviz.experiment import Experiment, Seq2SeqConfig, TrainingConfig
from seqviz.experiment.task import TranslationConfig
from seqviz.recipes.recipe import Recipe

READING_FINDINGS = {
    "forwards": "Without attention, the first words that it read are the furthest away when it begins to write.",
    "backwards": "The same network, fed the source back to front: the first words are the nearest, and it learns sooner.",
}
MEMBERS = 4
MEMBER_FINDING = (
    "Small and trained briefly: it errs elsewhere than those that differ in the seed alone, and together they err less."
)


def bottleneck_recipes() -> Mapping[str, Recipe]:
    """Return the small translators that come with the app, by name."""
    readers = {f"translation-{order}": _reader(order) for order in READING_FINDINGS}
    return readers | {f"translation-member-{seed}": _member(seed) for seed in range(MEMBERS)}


def _reader(order: str) -> Recipe:
    model = Seq2SeqConfig(
        cell="lstm", hidden_size=64, embedding_size=32, bidirectional=False, attention="none",
        reverse_source=order == "backwards",
    )  # fmt: skip
    return _recipe(model, READING_FINDINGS[order], steps=2000, learning_rate=0.003, seed=0)


def _member(seed: int) -> Recipe:
    model = Seq2SeqConfig(hidden_size=32, embedding_size=24, attention="additive", order="before")
    return _recipe(model, MEMBER_FINDING, steps=1000, learning_rate=0.006, seed=seed)


def _recipe(model: Seq2SeqConfig, finding: str, *, steps: int, learning_rate: float, seed: int) -> Recipe:
    training = TrainingConfig(
        optimizer="adam", learning_rate=learning_rate, batch_size=64, steps=steps, clip="norm", threshold=1.0
    )
    experiment = Experiment(task=TranslationConfig(corpus="fr-en"), model=model, training=training, seed=seed)
    return Recipe(experiment=experiment, finding=finding, snapshot_bytes=0, keeps_checkpoint=False)
