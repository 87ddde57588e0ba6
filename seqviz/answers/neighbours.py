"""On a worker: which sentences learned from leave the encoder nearly as one sentence does."""

from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Float
from torch.nn import functional as F

from seqviz.answers.translation import read_by
from seqviz.answers.translators import Translator, open_translator
from seqviz.corpora import SentencePair
from seqviz.models.decoded import Encoded
from seqviz.records import Neighbours
from seqviz.store import open_store
from seqviz.store.sentences import learned_from
from seqviz.subjects.translation import Sentence

AMONG = 2_000  # sentences compared with, the first that are learned from
NEAREST = 6


def nearest_sentences(subject: Sentence) -> Neighbours:
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
