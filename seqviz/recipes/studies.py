"""The studies whose results are shipped. No torch here."""

from collections.abc import Mapping

from seqviz.corpora.samples import samples
from seqviz.experiment.model import ATTENTIONS
from seqviz.experiment.task import TranslationConfig
from seqviz.recipes.clipping import optimizer_study, sweep_study
from seqviz.recipes.depth import activation_study, connection_study
from seqviz.recipes.initialisation import BIASES, CHRONO, LENGTH, ORDER_LENGTH, STUDIED, forget_bias, race
from seqviz.recipes.transformer_studies import comparison_study, positions_study
from seqviz.recipes.translation import translation_recipes
from seqviz.studies import SEEDS, Study, seeds_each

SAMPLES = 12  # sentences whose attention is kept, those of the page that translates
ORDER = ("additive", "dot", "general", "scaled", "none")


def studies() -> Mapping[str, Study]:
    """Return every shipped study, by name."""
    done = (
        attention_study(),
        activation_study(),
        connection_study(),
        optimizer_study(),
        sweep_study(),
        *(initialisation_study(length) for length in STUDIED),
        forget_bias_study(),
        positions_study(),
        comparison_study(),
    )
    return {study.name: study for study in done}


def attention_study() -> Study:
    """Return the study of the ways to attend: the shipped translators' own experiments, from several seeds each."""
    assert set(ORDER) == set(ATTENTIONS)
    recipes = translation_recipes()
    arms = {attention: recipes[f"translation-{attention}"].experiment for attention in ORDER}
    task = arms["additive"].task
    assert isinstance(task, TranslationConfig)
    pairs = samples(task.corpus, task.longest, SAMPLES)
    return Study(
        name="attention",
        title=f"Four scores and no attention, the same settings, {seeds_each(SEEDS)}.",
        arms=arms,
        seeds=SEEDS,
        measure="translation",
        texts=tuple((" ".join(pair.source), " ".join((*pair.target, "<eos>"))) for pair in pairs),
    )


def initialisation_study(length: int = LENGTH) -> Study:
    """Return the study of ways to begin at one of the lengths studied: one task, several networks, several seeds each."""
    return Study(
        name="initialisation" if length == LENGTH else f"initialisation-{length}",
        title=f"The adding problem at T = {length}, batches of 50, {seeds_each(SEEDS)}.",
        arms={arm: race(arm, length=length, steps=steps) for arm, steps in STUDIED[length].items()},
        seeds=SEEDS,
        measure="learning",
    )


def forget_bias_study() -> Study:
    """Return the study of forget-gate biases: one LSTM, one task, five ways to begin, several seeds each."""
    return Study(
        name="forget-bias",
        title=f"Temporal order at T = {ORDER_LENGTH}, batches of 20, {seeds_each(SEEDS)}.",
        arms={arm: forget_bias(arm) for arm in (*BIASES, CHRONO)},
        seeds=SEEDS,
        measure="learning",
    )
