"""What a run's encoder-decoder writes for a sentence."""

from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Float
from torch.nn import functional as F

from seqviz.answers.translators import Translator, most_words, open_translator
from seqviz.corpora import SentencePair
from seqviz.models import beam_search
from seqviz.models.decoded import Encoded
from seqviz.records import Neighbours, SearchTree, Translation
from seqviz.store import Store, open_store
from seqviz.store.sentences import learned_from
from seqviz.subjects.translation import Sentence
from seqviz.tracing.translation import Choice, translate


def answer_translation(subject: Sentence) -> Translation:
    """Return what the run's network writes for the sentence, word by word.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run does not translate.
        TextError: the sentence is empty.
        LimitError: it has more words than this server allows.
        TraceError: the words given or the attention moved do not fit the network.
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


def answer_translation_search(subject: Sentence) -> SearchTree:
    """Return every hypothesis that a beam search keeps until it has a translation.

    Raises:
        SeqvizError: as :func:`answer_translation` does.
    """
    reader, words = read_by(subject, open_store())
    symbols = torch.from_numpy(reader.source.encode(words)).unsqueeze(0)
    return beam_search(reader.model, symbols, width=subject.width, most=most_words(len(words)))[0]


def read_by(subject: Sentence, store: Store) -> tuple[Translator, tuple[str, ...]]:
    """Return the run's network in float64, and the subject's sentence in words.

    Raises:
        SeqvizError: as :func:`answer_translation` does.
    """
    translator = open_translator(store, subject.run, subject.step)
    translator.model.double()
    return translator, translator.split(subject.text)


AMONG = 2_000  # sentences compared with, the first that are learned from
NEAREST = 6


def answer_translation_neighbours(subject: Sentence) -> Neighbours:
    """Return the sentences learned from in whose states the decoder begins nearly as in the sentence's.

    Raises:
        SeqvizError: the sentence cannot be read by that run, or it is a Transformer's.
    """
    reader, words = read_by(subject, open_store())
    pairs, states = _learned_states(subject.run, subject.step)
    own = _beginnings(reader, [words])[0]
    similarity = F.cosine_similarity(torch.from_numpy(states), torch.from_numpy(own), dim=1).numpy()
    best = [int(one) for one in np.argsort(-similarity, kind="stable") if pairs[one].source != words][:NEAREST]
    return Neighbours(
        sources=tuple(pairs[one].source for one in best),
        targets=tuple(pairs[one].target for one in best),
        similarity=similarity[best],
        typical=float(np.median(similarity)),
        among=len(pairs),
    )


@lru_cache(maxsize=8)
def _learned_states(run: str, step: int | None) -> tuple[list[SentencePair], Float[np.ndarray, "sentence state"]]:
    reader = open_translator(open_store(), run, step)
    reader.model.double()
    pairs = learned_from(reader.task, open_store().texts, AMONG)
    return pairs, _beginnings(reader, [pair.source for pair in pairs])


@torch.no_grad()
def _beginnings(reader: Translator, sentences: list[tuple[str, ...]]) -> Float[np.ndarray, "sentence state"]:
    """Return what the decoder begins in for each sentence: every layer's hidden state, and an LSTM's cell state."""
    rows_of: dict[int, list[int]] = {}
    for row, words in enumerate(sentences):
        rows_of.setdefault(len(words), []).append(row)
    states: dict[int, np.ndarray] = {}
    for rows in rows_of.values():
        symbols = np.stack([reader.source.encode(sentences[row]) for row in rows])
        states.update(zip(rows, _flat(reader.recurrent.encode(torch.from_numpy(symbols))), strict=True))
    return np.stack([states[row] for row in range(len(sentences))])


def _flat(encoded: Encoded) -> Float[np.ndarray, "sentence state"]:
    return torch.cat([layer for part in encoded.state for layer in part], dim=1).numpy()
