"""What an encoder hands on: how strongly losses depend on its states, and where sentences lie in its last state."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqviz.records.agreement import Agreement
from seqviz.records.record import Record

Array = np.ndarray
Words = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class EncoderGradient(Record):
    """How strongly the loss on sentences of one length depends on the encoder's state at each source word.

    L2 norms over units of total derivatives ∂L/∂h, for each sentence on its own: of its whole loss, which is the sum of its
    words' cross-entropies (nats, with the right words before), and of its last word's alone. The states are those of the
    encoder's last layer in one direction. ``chain`` counts the paths through the decoder's first state alone, as if attention
    looked at copies; without attention there are no others.
    """

    source: tuple[Words, ...]
    target: tuple[Words, ...]
    whole: Float[Array, "sentence source"]
    whole_chain: Float[Array, "sentence source"]
    last: Float[Array, "sentence source"]
    last_chain: Float[Array, "sentence source"]
    agreement: Agreement  # of ``whole`` at the first source word, the first few sentences together


@dataclass(frozen=True, kw_only=True, repr=False)
class SentenceStates(Record):
    """Sentences as the decoder first meets them: its top layer's first state, along the directions of most variance.

    Each direction's sign is such that the largest of its entries is positive. Source: Pearson (1901).
    """

    source: tuple[Words, ...]
    wanted: tuple[Words, ...]
    places: Float[Array, "sentence component"]  # the sentences along the first few directions, about their mean
    explained: Float[Array, " direction"]  # each direction's share of the whole variance, largest first
    lengths: Int[Array, " sentence"]  # words of the source
