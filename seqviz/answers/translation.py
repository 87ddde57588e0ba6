"""On a worker: what a run's encoder-decoder writes for a sentence."""

import torch

from seqviz.answers.translators import Translator, most_words, open_translator
from seqviz.models import beam_search
from seqviz.records import SearchTree, Translation
from seqviz.store import Store, open_store
from seqviz.subjects.translation import Sentence
from seqviz.tracing.translation import Choice, translate


def translate_sentence(subject: Sentence) -> Translation:
    """Return what the run's network writes for the sentence, word by word.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run does not translate.
        TextError: the sentence is empty.
        LimitError: it has more words than this server allows.
        TraceError: what the network is made to do cannot be done.
    """
    reader, words = read_by(subject, open_store())
    choice = Choice(
        most=most_words(len(words)),
        given=tuple(subject.given.split()),
        looks=subject.moved,
        temperature=subject.temperature,
        seed=subject.seed,
    )
    return translate(reader.model, words, reader.source, reader.target, choice)


def search_sentence(subject: Sentence) -> SearchTree:
    """Return every hypothesis that a beam search holds on the way to a translation.

    Raises:
        SeqvizError: as :func:`translate_sentence` does.
    """
    reader, words = read_by(subject, open_store())
    symbols = torch.from_numpy(reader.source.encode(words)).unsqueeze(0)
    return beam_search(reader.model, symbols, width=subject.width, most=most_words(len(words)))[0]


def read_by(subject: Sentence, store: Store) -> tuple[Translator, tuple[str, ...]]:
    """Return the run's network in float64, and the subject's sentence in words.

    Raises:
        SeqvizError: as :func:`translate_sentence` does.
    """
    translator = open_translator(store, subject.run, subject.step)
    translator.model.double()
    return translator, translator.split(subject.text)
