"""The studies whose results come with the app. No torch here."""

from collections.abc import Mapping

from seqviz.corpora.samples import samples
from seqviz.experiment.model import ATTENTIONS
from seqviz.experiment.task import TranslationConfig
from seqviz.recipes.clipping import optimizer_study, sweep_study
from seqviz.recipes.depth import activation_study
from seqviz.recipes.translation import translation_recipes
from seqviz.studies import Study

SEEDS = (0, 1, 2, 3, 4)
SAMPLES = 12  # sentences whose attention is kept, those of the page that translates
ORDER = ("additive", "dot", "general", "scaled", "none")


def studies() -> Mapping[str, Study]:
    """Return every study that comes with the app, by name."""
    return {study.name: study for study in (attention_study(), activation_study(), optimizer_study(), sweep_study())}


def attention_study() -> Study:
    """Return the study of the ways to attend: the shipped translators' own experiments, from five seeds each."""
    assert set(ORDER) == set(ATTENTIONS)
    recipes = translation_recipes()
    arms = {attention: recipes[f"translation-{attention}"].experiment for attention in ORDER}
    task = arms["additive"].task
    assert isinstance(task, TranslationConfig)
    pairs = samples(task.corpus, task.longest, SAMPLES)
    return Study(
        name="attention",
        title="Four scores and no attention, the same settings, five seeds each.",
        arms=arms,
        seeds=SEEDS,
        measure="translation",
        texts=tuple((" ".join(pair.source), " ".join((*pair.target, "<eos>"))) for pair in pairs),
    )
