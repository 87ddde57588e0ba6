"""What every head of a Transformer's attention does with one text: queries, keys, values, scores and weights."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record

Array = np.ndarray

SELF, MASKED, CROSS = "self", "masked self", "cross"
PLACES = ("before", "itself", "after", "first", "last")  # where a head may look, whatever the words are


@dataclass(frozen=True, kw_only=True, repr=False)
class AttentionHeads(Record):
    """One kind of attention in every layer and head, for one text. Layer 0 reads the embeddings.

    A masked self-attention sees no key behind its query: such a pair has the score -∞ and a weight of exactly 0.
    """

    kind: str  # "self" | "masked self" | "cross"
    queries_of: tuple[str, ...]  # the tokens that ask; of cross attention each by what is written there
    keys_of: tuple[str, ...]  # the tokens attended to
    queries: Float[Array, "layer head query width"]  # q
    keys: Float[Array, "layer head key width"]  # k
    values: Float[Array, "layer head key width"]  # v
    scores: Float[Array, "layer head query key"]  # q · k / √width
    weights: Float[Array, "layer head query key"]  # softmax of the scores over the keys: rows sum to 1

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return int(self.weights.shape[0])

    @property
    def heads(self) -> int:
        """How many heads each layer has."""
        return int(self.weights.shape[1])

    @property
    def scale(self) -> float:
        """What q · k is divided by: √ of the numbers in a query."""
        return math.sqrt(self.queries.shape[-1])

    @property
    def visible(self) -> Array:
        """Which key each query may look at (query, key)."""
        shape = (len(self.queries_of), len(self.keys_of))
        everything = np.ones(shape, dtype=bool)
        return np.tril(everything) if self.kind == MASKED else everything

    @property
    def patterns(self) -> Mapping[str, Float[Array, "layer head"]]:
        """Each head's mean weight on one place, by the place's name; :func:`place_mask` says over which queries.

        A place that no query of this text has is left out.
        """
        return {place: mean_at(self.weights, chosen) for place, chosen in self._places().items()}

    @property
    def evenly(self) -> Mapping[str, float]:
        """What :attr:`patterns` would be of a head that looks at all that it can see alike."""
        seen = self.visible / self.visible.sum(axis=1, keepdims=True)
        return {place: float(mean_at(seen, chosen)) for place, chosen in self._places().items()}

    def _places(self) -> dict[str, Array]:
        masks = {place: place_mask(self, place) for place in PLACES}
        return {place: chosen for place, chosen in masks.items() if chosen.any()}


@dataclass(frozen=True, kw_only=True, repr=False)
class HeadTrace(Record):
    """Every kind of attention that a Transformer has, on one text, and what it writes for it."""

    attentions: tuple[AttentionHeads, ...]
    written: tuple[str, ...]  # by the decoder of an encoder-decoder, its end too; empty for a model that only reads
    given: bool  # that was typed, rather than chosen by the network
    unknown: tuple[str, ...] = ()  # tokens of the text that the network does not know, and reads one symbol in place of

    def of(self, kind: str) -> AttentionHeads:
        """Return the attention of that kind; the first where there is none such."""
        return next((one for one in self.attentions if one.kind == kind), self.attentions[0])


def place_mask(record: AttentionHeads, place: str) -> Array:
    """Return the pairs (query, key) that mean ``place``, one key for each query it applies to.

    In self-attention that is the token before, itself or after, the first or the last. A query whose answer is settled
    by what it can see, or that is at the place itself, does not count. Cross attention has a first and a last alone.
    """
    queries, keys = len(record.queries_of), len(record.keys_of)
    within = record.kind != CROSS
    chosen = np.zeros((queries, keys), dtype=bool)
    if place in ("first", "last"):
        chosen[:, 0 if place == "first" else keys - 1] = True
        return _free(record, chosen & ~np.eye(queries, keys, dtype=bool) if within else chosen)
    if within:
        chosen = np.eye(queries, keys, k={"before": -1, "itself": 0, "after": 1}[place], dtype=bool)
    return _free(record, chosen)


def mean_at(weights: Float[Array, "*lead query key"], chosen: Array) -> Array:
    """Return the mean of ``weights`` over the pairs ``chosen``."""
    mean: Array = np.asarray(weights[..., chosen].mean(axis=-1))
    return mean


def _free(record: AttentionHeads, chosen: Array) -> Array:
    """Leave out what cannot be seen, and queries that see one key alone."""
    seen = record.visible
    freed: Array = chosen & seen & (seen.sum(axis=1, keepdims=True) > 1)
    return freed


@dataclass(frozen=True, kw_only=True, repr=False)
class HeadAlignment(Record):
    """How far the strongest cross-attention of each head is from known alignments, the mean over held-out sentences.

    Alignment error rates while the right translation is forced, word by word, without <eos>; ``near_errors`` count a link
    one source position off as found. ``mean_error`` is that of the mean over the heads of the last layer.
    """

    errors: Float[Array, "layer head"]
    near_errors: Float[Array, "layer head"]
    mean_error: float
    sentences: int

    @property
    def best(self) -> tuple[int, int]:
        """The layer and the head that come closest, both from 0."""
        layer, head = np.unravel_index(int(self.errors.argmin()), self.errors.shape)
        return int(layer), int(head)
