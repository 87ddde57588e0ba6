"""Which study, networks and sentences the page is about."""

from functools import cache
from pathlib import Path

import numpy as np

from seqviz.corpora import CORPORA, SentencePair, held_out
from seqviz.corpora.samples import samples
from seqviz.settings import settings
from seqviz.studies import EXAMINED, StudyResult, read_study
from seqviz.subjects.translation import Sentence
from seqviz.ui.lessons.attention.scores.settings import SAMPLES
from seqviz.ui.runs.shipped import shipped
from seqviz.ui.shell.page import Page

CORPUS, LONGEST = "fr-en", 12  # what the study's networks learned from


def study() -> StudyResult:
    """Return the study that comes with the app.

    Raises:
        StoreError: it is missing or damaged.
    """
    return _study(Path(settings().store.pretrained))


@cache
def _study(folder: Path) -> StudyResult:
    return read_study(folder, "attention")


@cache
def floor() -> float:
    """Return the least mean alignment error rate of naming one word for each word written, on the sentences measured."""
    return float(np.mean([least_error(pair) for pair in held_out(CORPUS, EXAMINED, LONGEST)]))


def least_error(pair: SentencePair) -> float:
    """Return the alignment error rate of one right link for each word of the translation that has any.

    >>> least_error(SentencePair(("ne", "dort", "pas"), ("sleeps", "not"), frozenset({(1, 0), (0, 1), (2, 1)})))
    0.19999999999999996
    """
    linked = len({there for _, there in pair.links})
    return 1 - 2 * linked / (len(pair.target) + len(pair.links))


def pairs() -> tuple[SentencePair, ...]:
    """Return the sentences to choose from."""
    return samples(CORPUS, LONGEST, SAMPLES)


def chosen_pair(page: Page) -> SentencePair:
    """Draw the choice of a sentence and return it."""
    titles = {f"s{i + 1}": CORPORA[CORPUS].written(pair.source) for i, pair in enumerate(pairs())}
    page.control("sentence", titles=titles)
    return pair_of(page)


def pair_of(page: Page) -> SentencePair:
    """Return the sentence that is chosen."""
    return pairs()[int(page["sentence"][1:]) - 1]


def on_the_way(attention: str, pair: SentencePair, *, seed: int = 0) -> Sentence:
    """Return one shipped network's way to the right translation, word by word.

    Raises:
        StoreError: the network did not come with the app.
    """
    card = shipped(f"translation-{attention}")
    text = CORPORA[CORPUS].written(pair.source)  # which is split into the same words again
    return Sentence(run=card.run, text=text, given=" ".join((*pair.target, "<eos>")), seed=seed)
