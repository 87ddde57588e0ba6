"""Networks that translate, what each learned from, and the sentences that a page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from seqviz.corpora import CORPORA, Corpus, SentencePair, WordVocabulary, held_out, own_corpus
from seqviz.corpora.samples import LOOKED_THROUGH, chosen
from seqviz.experiment import Experiment, Seq2SeqConfig
from seqviz.experiment.task import OWN, TranslationConfig
from seqviz.store.sentences import held_out_of
from seqviz.ui.runs.networks import Network
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.links import Control, choice_control
from seqviz.ui.shell.page import Page

CORPUS, LONGEST = "fr-en", 12  # what the translators that are compared learned from
SAMPLES = 12  # held-out sentences offered; what is typed is one more choice
TYPED = "typed"
READS: Mapping[str, str] = {"own": "its own words", "right": "the right words"}


@dataclass(frozen=True, kw_only=True)
class Translator:
    """A network that translates, and what it learned from."""

    run: str
    task: TranslationConfig
    step: int  # training steps done: a run that trains on is another network, which caches must not confuse with this one

    @property
    def recurrent(self) -> bool:
        """Whether it hands a state on, beside what attention finds."""
        experiment = lab().store.experiment(self.run)
        return experiment is not None and isinstance(experiment.model, Seq2SeqConfig)

    @property
    def corpus(self) -> Corpus:
        """What it learned from."""
        if self.task.corpus != OWN:
            return CORPORA[self.task.corpus]
        known = lab().store.word_vocabularies(self.run)
        return own_corpus(known["source"].words, known["target"].words)

    @property
    def target(self) -> WordVocabulary:
        """The words that it writes."""
        return lab().store.word_vocabularies(self.run)["target"]

    def given(self, pair: SentencePair) -> str:
        """Return the right translation as forced words for the decoder, to its end; unknown words are <unk>."""
        return " ".join((*self.target.decode(self.target.encode(pair.target)), "<eos>"))


def translates(experiment: Experiment) -> bool:
    """Return whether a run of the experiment reads a sentence and writes another."""
    return isinstance(experiment.task, TranslationConfig)


def translator_of(network: Network) -> Translator:
    """Return a network that translates as such."""
    task = network.experiment.task
    assert isinstance(task, TranslationConfig), "it was opened as one that translates"
    return Translator(run=network.run, task=task, step=network.step)


@cache
def samples(task: TranslationConfig) -> list[SentencePair]:
    """Return held-out sentences to choose from, those whose word order changes, if there are any."""
    return list(chosen(held_out_of(task, lab().store.texts, LOOKED_THROUGH * SAMPLES), SAMPLES))


def sentence_control() -> Control:
    """Return the control called ``sentence``: a held-out sentence, or what is typed as ``text``."""
    titles = {**{f"s{i + 1}": f"sentence {i + 1}" for i in range(SAMPLES)}, TYPED: "what I type"}
    return choice_control("held-out sentence", titles, "s1")


def reads_control() -> Control:
    """Return the control called ``reads``: which words the decoder reads."""
    return choice_control("the decoder reads", READS, "own", "as its previous word; the right ones are teacher forcing")


def chosen_sentence(page: Page, translator: Translator, *, begun: bool = True) -> tuple[str, SentencePair | None]:
    """Draw the choice of a sentence; return its text, and the pair with the right translation where that is known.

    Args:
        page: has the controls ``sentence`` and ``text``.
        translator: the sentences are of its task.
        begun: whether a text that is empty begins with the first of them.
    """
    pairs, corpus = samples(translator.task), translator.corpus
    titles = {f"s{i + 1}": corpus.written(pair.source) for i, pair in enumerate(pairs)} | {TYPED: "what I type"}
    name = page.control("sentence", titles=titles)
    if name == TYPED:
        if begun and not page["text"]:
            page["text"] = corpus.written(pairs[0].source)
        return page.control("text"), None
    pair = pairs[int(name[1:]) - 1]
    return corpus.written(pair.source), pair


@cache
def least_error(sentences: int) -> float:
    """Return the least mean alignment error rate, over held-out sentences, of naming one word for each word written."""
    return float(np.mean([least_error_of(pair) for pair in held_out(CORPUS, sentences, LONGEST)]))


def least_error_of(pair: SentencePair) -> float:
    """Return the alignment error rate of one right link for each word of the translation that has any.

    >>> least_error_of(SentencePair(("ne", "dort", "pas"), ("sleeps", "not"), frozenset({(1, 0), (0, 1), (2, 1)})))
    0.19999999999999996
    """
    linked = len({there for _, there in pair.links})
    return 1 - 2 * linked / (len(pair.target) + len(pair.links))
