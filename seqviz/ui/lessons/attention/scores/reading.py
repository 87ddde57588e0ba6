"""Which study, networks and sentences the page is about."""

from seqviz.corpora import CORPORA, SentencePair
from seqviz.corpora.samples import samples
from seqviz.studies import EXAMINED, StudyResult
from seqviz.subjects.translation import Sentence
from seqviz.ui.runs.shipped import shipped, shipped_study
from seqviz.ui.runs.translators import CORPUS, LONGEST, SAMPLES, least_error
from seqviz.ui.shell.page import Page


def study() -> StudyResult:
    """Return the shipped study.

    Raises:
        StoreError: it is missing or damaged.
    """
    return shipped_study("attention")


def floor() -> float:
    """Return the least mean alignment error rate of naming one word for each word written, on the sentences measured."""
    return least_error(EXAMINED)


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
