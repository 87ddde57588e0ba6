"""One token's way through a Transformer; positions count tokens of its own side's sequence, from 0."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqviz.records.record import Record

Array = np.ndarray

SUBLAYERS: Mapping[str, str] = {"self": "self-attention", "cross": "cross-attention", "feedforward": "feed-forward"}


@dataclass(frozen=True, kw_only=True, repr=False)
class Look(Record):
    """What attention did for the token, head by head, with the keys and values of every position.

    ``states`` are what keys and values are made from: what the sublayer reads at every position, or the encoder's result.
    """

    queries: Float[Array, "head unit"]
    keys: Float[Array, "head key unit"]
    values: Float[Array, "head key unit"]
    scores: Float[Array, "head key"]  # divided by √unit; -inf where the token may not look
    weights: Float[Array, "head key"]  # rows sum to 1; exactly 0 where it may not look
    mixed: Float[Array, "head unit"]  # Σ weight · value
    states: Float[Array, "key width"]


@dataclass(frozen=True, kw_only=True, repr=False)
class SublayerWalk(Record):
    """What a sublayer did to the token; its norm comes between ``inputs`` and ``read``, or ``added`` and ``result``."""

    layer: int
    kind: str  # a name of SUBLAYERS
    inputs: Float[Array, " width"]
    read: Float[Array, " width"]
    output: Float[Array, " width"]
    added: Float[Array, " width"]  # inputs + output
    result: Float[Array, " width"]
    look: Look | None
    inner: Float[Array, " inner"] | None  # of a feed-forward network, after its ReLU


@dataclass(frozen=True, kw_only=True, repr=False)
class Lens(Record):
    """What the readout says of the token's stream, where it enters and behind each sublayer, through the last norm."""

    due: Float[Array, " stage"]  # probability of the word that comes next
    words: tuple[str, ...]  # the likeliest word
    likeliest: Float[Array, " stage"]  # its probability


@dataclass(frozen=True, kw_only=True, repr=False)
class NextWord(Record):
    """What a decoder's token says of the next word."""

    due: str  # the word that comes next
    logits: Float[Array, " word"]
    chances: Float[Array, " word"]  # their softmax
    best: Int[Array, " rank"]  # symbols of the likeliest, best first
    words: tuple[str, ...]  # they themselves
    lens: Lens


@dataclass(frozen=True, kw_only=True, repr=False)
class TokenWalk(Record):
    """Everything on one token's way, from its row of the embedding table to what its stack answers."""

    side: str  # "encoder" | "decoder"
    position: int
    noun: str  # what a token is called: "word" | "character"
    table: str  # the place of ``kept`` among the weights, by PyTorch name: "row 5 of source_embedding.weight"
    source: tuple[str, ...]  # what the encoder reads; nothing for a decoder without an encoder
    unknown: tuple[str, ...]  # of what is read, all that the network knows by one symbol alone
    read: tuple[str, ...]  # what the decoder reads: <sos>, and each word before the next; alone, the text
    written: tuple[str, ...]  # what comes next at each of them; behind the end of a text, the likeliest
    norm: str  # "pre" | "post"
    positions: str  # "sinusoidal" | "learned" | "none"
    heads: int
    epsilon: float  # of the layer norms
    kept: Float[Array, " width"]  # as in the table of embeddings
    embedded: Float[Array, " width"]  # √width times that
    place: Float[Array, " width"]  # of its position
    entered: Float[Array, " width"]  # the two added
    sublayers: tuple[SublayerWalk, ...]
    result: Float[Array, " width"]  # behind the last norm, where each sublayer's norm is before it
    places: Float[Array, "time width"]  # of the first positions, as many as are drawn
    next: NextWord | None  # of the decoder alone

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens of its own side."""
        return self.source if self.side == "encoder" else self.read

    @property
    def token(self) -> str:
        """The token itself."""
        return self.tokens[self.position]
