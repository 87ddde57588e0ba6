"""On a worker: what a run's encoder-decoder writes for a sentence."""

import json
from dataclasses import dataclass

import torch

from seqviz.corpora import CORPORA, Corpus, WordVocabulary, own_corpus
from seqviz.errors import ConfigError, LimitError, StoreError, TextError
from seqviz.experiment import Experiment, Seq2SeqConfig
from seqviz.experiment.subject import Sentence
from seqviz.experiment.task import OWN, TranslationConfig
from seqviz.models import Seq2Seq, beam_search, trained_seq2seq
from seqviz.records import SearchTree, Translation
from seqviz.settings import settings
from seqviz.store import Store, open_store
from seqviz.tracing.translation import Choice, translate

LONGER = 3  # times as many words as were read, and a few: then a translation is cut off
A_FEW = 10


@dataclass(frozen=True)
class Reader:
    """A run's network in float64, the words that it knows, and a sentence for it."""

    model: Seq2Seq
    task: TranslationConfig
    source: WordVocabulary
    target: WordVocabulary
    words: tuple[str, ...]  # of the sentence

    @property
    def most(self) -> int:
        return LONGER * len(self.words) + A_FEW


def translate_sentence(subject: Sentence) -> Translation:
    """Return what the run's network writes for the sentence, word by word.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run does not translate.
        TextError: the sentence is empty.
        LimitError: it has more words than this server allows.
        TraceError: what the network is made to do cannot be done.
    """
    reader = open_reader(subject, open_store())
    choice = Choice(
        most=reader.most,
        given=tuple(subject.given.split()),
        looks=subject.moved,
        temperature=subject.temperature,
        seed=subject.seed,
    )
    return translate(reader.model, reader.words, reader.source, reader.target, choice)


def search_sentence(subject: Sentence) -> SearchTree:
    """Return every hypothesis that a beam search holds on the way to a translation.

    Raises:
        SeqvizError: as :func:`translate_sentence` does.
    """
    reader = open_reader(subject, open_store())
    symbols = torch.from_numpy(reader.source.encode(reader.words)).unsqueeze(0)
    return beam_search(reader.model, symbols, width=subject.width, most=reader.most)[0]


def open_reader(subject: Sentence, store: Store) -> Reader:
    """Return the run's network, and the subject's sentence in words.

    Raises:
        SeqvizError: as :func:`translate_sentence` does.
    """
    experiment = store.experiment(subject.run)
    if experiment is None:
        raise StoreError(f"there is no run {subject.run} here")
    task, model = _parts(experiment)
    known = json.loads(store.vocabulary(subject.run) or "{}")
    corpus = own_corpus(known["source"], known["target"]) if task.corpus == OWN else CORPORA[task.corpus]
    words = _words(corpus, subject.text)
    network = trained_seq2seq(model, store.weights(subject.run, subject.step)).double().eval().requires_grad_(False)
    return Reader(network, task, WordVocabulary(tuple(known["source"])), WordVocabulary(tuple(known["target"])), words)


def _parts(experiment: Experiment) -> tuple[TranslationConfig, Seq2SeqConfig]:
    task, model = experiment.task, experiment.model
    if not isinstance(task, TranslationConfig) or not isinstance(model, Seq2SeqConfig):
        raise ConfigError(f"only networks that translate can be asked for a translation; run {experiment.run_id} cannot")
    return task, model


def _words(corpus: Corpus, text: str) -> tuple[str, ...]:
    words, most = corpus.split(text), settings().limits.sentence_words
    if not words:
        raise TextError("a sentence to translate must have at least one word, got none")
    if len(words) > most:
        raise LimitError(f"a sentence to translate may have at most {most} words on this server, got {len(words)}")
    return words
