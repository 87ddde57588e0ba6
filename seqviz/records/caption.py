"""What describing a picture gives; cells count rows downwards and columns to the right, from 0."""

import math
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from seqviz.errors import ConfigError
from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class Captioning(Record):
    """One picture as a captioner described it, word by word, and where it looked for each of them.

    The last word is <eos>, unless the caption was cut off. Of a Transformer ``weights`` are the mean of the last layer's
    ``heads``, which has no scores of its own, and takes up no context.
    """

    picture: Float[Array, "height width colour"]  # red, green and blue from 0 to 1
    written: tuple[str, ...]
    given: Bool[Array, " word"]  # words that were forced on it
    log_probabilities: Float[Array, " word"]  # of each word, given those before it (nats)
    scores: Float[Array, "word row column"] | None
    weights: Float[Array, "word row column"]  # sum to 1 over the cells
    annotations: Float[Array, "row column annotation"]
    contexts: Float[Array, "word annotation"] | None  # Σ weight · annotation
    alternatives: tuple[tuple[tuple[str, float], ...], ...]  # the likeliest next words and their probabilities, best first
    regions: Bool[Array, "word row column"]  # the cells of the things that each word is about; none at <eos>
    true: tuple[tuple[str, ...], ...]  # every caption that is true of the picture
    heads: Float[Array, "word head row column"] | None = None  # each head's weights
    head: int | None = None  # the head that ``weights`` belong to, counted from 1; None: the only head, or the mean of all

    def through(self, head: int) -> "Captioning":
        """Return the same caption with the looks of one head, counted from 1, in the place of the mean; 0 is the mean.

        Raises:
            ConfigError: there is no such head.
        """
        if head == 0:
            return self
        _check_head(head, 0 if self.heads is None else self.heads.shape[1])
        assert self.heads is not None, "it has the head that was asked for"
        return replace(self, weights=self.heads[:, head - 1], head=head)

    @property
    def ended(self) -> bool:
        """Whether the network itself ended the caption."""
        return self.written[-1:] == ("<eos>",)

    @property
    def words(self) -> tuple[str, ...]:
        """The caption without its end."""
        return self.written[:-1] if self.ended else self.written

    @property
    def is_true(self) -> bool:
        """Whether the caption is true of the picture."""
        return self.ended and self.words in self.true

    @property
    def probability(self) -> float:
        """The caption's probability: the product of its words'."""
        return math.exp(float(self.log_probabilities.sum()))

    @property
    def inside(self) -> Float[Array, " word"]:
        """The share of each word's attention on the cells of what it is about."""
        return np.asarray((self.weights * self.regions).sum(axis=(1, 2)))

    @property
    def areas(self) -> Float[Array, " word"]:
        """The share of the picture's cells that those are: what attention spread evenly would give."""
        return np.asarray(self.regions.mean(axis=(1, 2)))


@dataclass(frozen=True, kw_only=True, repr=False)
class PointingGame(Record):
    """How often attention points at what a word is about, over many pictures, while it writes a true caption.

    Places are those of the caption: the group named first (how many, size, colour, shape), the relation, the group named
    second. Each value is a mean over the pictures that have such a word. Where several heads look at once, these are of the
    mean of their looks, and :attr:`heads` are each one's own.

    Source:
        Zhang et al. (2016), section 4.2, https://arxiv.org/abs/1608.00507: a hit is a maximum on the thing itself.
    """

    places: tuple[str, ...]
    pictures: Int[Array, " place"]  # with such a word
    hits: Float[Array, " place"]  # share of them where the cell with most attention is one of the thing's
    inside: Float[Array, " place"]  # share of the attention on the thing's cells
    areas: Float[Array, " place"]  # share of the picture's cells that are the thing's: the hits and the share of chance
    relation: Float[Array, " where"]  # at the relation: share on the group named first, on the second, and elsewhere
    true: float  # share of the pictures whose caption, written on its own, is true
    drawn: int  # pictures, all of them held out
    heads: tuple["PointingGame", ...] = ()
    head: int | None = None  # the head they belong to, counted from 1; None: the only head, or the mean of all

    def through(self, head: int) -> "PointingGame":
        """Return what one head, counted from 1, points at; 0 is the mean of all.

        Raises:
            ConfigError: there is no such head.
        """
        if head == 0:
            return self
        _check_head(head, len(self.heads))
        return self.heads[head - 1]


def _check_head(head: int, count: int) -> None:
    if not 1 <= head <= count:
        there = f"the heads 1 to {count}" if count else "one look at a time and no heads"
        raise ConfigError(f"this network has {there}, got head {head}")
