"""The sentences of a translating network's task: generated, or uploaded to the store."""

from seqviz import corpora
from seqviz.corpora import SentencePair
from seqviz.experiment.task import OWN, TranslationConfig
from seqviz.store.texts import Texts


def learned_from(task: TranslationConfig, texts: Texts, count: int) -> list[SentencePair]:
    """Return the first ``count`` pairs that the task learns from.

    Raises:
        MissingTextError: they were uploaded, and are not here.
    """
    count = min(count, task.sentences)
    if task.corpus == OWN:
        return corpora.dealt_out(_own(task, texts), count, task.longest, drawn=task.drawn)[0]
    return corpora.learned(task.corpus, count, task.longest)


def held_out_of(task: TranslationConfig, texts: Texts, count: int) -> list[SentencePair]:
    """Return ``count`` pairs that the task never learns from; of uploaded ones, there may be fewer.

    Raises:
        MissingTextError: they were uploaded, and are not here.
    """
    if task.corpus == OWN:
        return corpora.dealt_out(_own(task, texts), task.sentences, task.longest, drawn=task.drawn)[1][:count]
    return corpora.held_out(task.corpus, count, task.longest)


def _own(task: TranslationConfig, texts: Texts) -> list[SentencePair]:
    return corpora.pairs_of_text(texts.read(task.text))
