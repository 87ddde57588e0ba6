"""What writing a sentence gives; positions count words of the source and of the target, from 0."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class Translation(Record):
    """One sentence as an encoder-decoder wrote it, word by word, and what every word was read off.

    Scores, weights and contexts are None without attention. Of several heads (a Transformer's, those of the decoder's last
    layer) weights are the mean, scores are None, and the context is what their joint output adds. The last word is <eos>,
    unless the sentence was cut off.
    """

    source: tuple[str, ...]
    known: Bool[Array, " source"]  # false where the network reads <unk>
    written: tuple[str, ...]
    given: Bool[Array, " target"]  # words that were forced on it
    moved: Bool[Array, " target"]  # words whose attention was moved
    log_probabilities: Float[Array, " target"]  # of each word, given those before it (nats)
    scores: Float[Array, "target source"] | None
    weights: Float[Array, "target source"] | None  # rows sum to 1
    contexts: Float[Array, "target state"] | None  # Σ weight · encoder state
    combined: Float[Array, "target unit"]  # tanh(W [context; state]); the state itself without attention
    alternatives: tuple[tuple[tuple[str, float], ...], ...]  # the likeliest next words and their probabilities, best first
    handed: int  # numbers of the state that the decoder begins in
    bidirectional: bool  # the encoder reads both ways, and that state is made of both ends
    looks_before: bool  # scores come from the decoder's state before it reads the word before (Bahdanau), not after (Luong)
    heads: int = 0  # whose mean the weights are; 0: there is one attention, or none

    @property
    def ended(self) -> bool:
        """Whether the network itself ended the sentence."""
        return self.written[-1:] == ("<eos>",)

    @property
    def probability(self) -> float:
        """The sentence's probability: the product of its words'."""
        return math.exp(float(self.log_probabilities.sum()))


@dataclass(frozen=True, kw_only=True, repr=False)
class SearchTree(Record):
    """Every hypothesis that a search held for one sentence, as a tree of words; nodes are in the order of their steps.

    Log-probabilities are in nats: of a node's word given those before it, and in ``total`` of all words up to it.
    ``found`` are the nodes at which the hypotheses end that were held last, best first by ``ranks``.
    """

    token: Int[Array, " node"]
    parent: Int[Array, " node"]  # -1 at a first word
    log_probability: Float[Array, " node"]
    total: Float[Array, " node"]
    weights: Float[Array, "node source"] | None  # attention when the word was chosen
    found: Int[Array, " hypothesis"]
    ranks: Float[Array, " hypothesis"]

    def path(self, node: int) -> list[int]:
        """Return the nodes from the first word to ``node``."""
        nodes = []
        while node >= 0:
            nodes.append(node)
            node = int(self.parent[node])
        return nodes[::-1]


@dataclass(frozen=True, kw_only=True, repr=False)
class Neighbours(Record):
    """Sentences learned from whose decoder begins in nearly the same state as one sentence's, the nearest first."""

    sources: tuple[tuple[str, ...], ...]
    targets: tuple[tuple[str, ...], ...]
    similarity: Float[Array, " sentence"]  # cosine of the angle between the two states
    typical: float  # the median similarity among all that were compared
    among: int  # sentences compared
