"""What translating many sentences that were never learned from gives."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from seqviz.records.record import Record

Array = np.ndarray
Words = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Examination(Record):
    """Held-out sentences as one network wrote them, or several together, beside the right translations.

    Alignment error rates and entropies (nats) are of the attention while the right translation is read, word by word until
    before <eos>, so that its rows are those of the known alignment; None without attention, and where several networks write
    together.
    """

    source: tuple[Words, ...]
    written: tuple[Words, ...]  # without <eos>
    wanted: tuple[Words, ...]
    exact: Bool[Array, " sentence"]  # whether every word is right, and the end
    alignment_error: Float[Array, " sentence"] | None
    near_alignment_error: Float[Array, " sentence"] | None  # a link one source position off counts as found
    entropy: Float[Array, " sentence"] | None  # of the attention, mean over the words of the translation

    @property
    def lengths(self) -> Int[Array, " sentence"]:
        """How many words each source sentence has."""
        return np.array([len(words) for words in self.source])

    @property
    def exact_share(self) -> float:
        """The share of the sentences that come out right, word for word."""
        return float(self.exact.mean())

    @property
    def mean_alignment_error(self) -> float | None:
        """The mean of the sentences' alignment error rates."""
        return _mean(self.alignment_error)

    @property
    def mean_near_alignment_error(self) -> float | None:
        """The same where a link one source position off counts as found."""
        return _mean(self.near_alignment_error)

    @property
    def mean_entropy(self) -> float | None:
        """The mean of the sentences' mean entropies, in nats."""
        return _mean(self.entropy)

    @property
    def measures(self) -> dict[str, float]:
        """What there is of the figures above, by name."""
        every = {
            "exact": self.exact_share,
            "alignment_error": self.mean_alignment_error,
            "near_alignment_error": self.mean_near_alignment_error,
            "entropy": self.mean_entropy,
        }
        return {name: value for name, value in every.items() if value is not None}


def _mean(values: Array | None) -> float | None:
    return None if values is None else float(values.mean())
