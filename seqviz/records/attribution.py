"""What each word of a translation owes to each word read: by attention, by gradient, and under other attention."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class ForcedAttention(Record):
    """The same words under attention that is not the network's own, in one or more draws."""

    distances: Float[Array, "draw target"]  # total variation distance of each word's distribution from the network's own
    log_probabilities: Float[Array, "draw target"]  # of the words (nats)

    @property
    def probabilities(self) -> Float[Array, " draw"]:
        """The whole translation's probability, draw by draw."""
        probabilities: Array = np.exp(self.log_probabilities.sum(axis=1))
        return probabilities


@dataclass(frozen=True, kw_only=True, repr=False)
class Attribution(Record):
    """One translation: its attention, and gradient × input, which is ∂ log p(word) / ∂ embedding · embedding, by every path."""

    source: tuple[str, ...]
    written: tuple[str, ...]  # the last is <eos>, unless the sentence was cut off
    weights: Float[Array, "target source"]  # rows sum to 1
    products: Float[Array, "target source"]  # signed
    log_probabilities: Float[Array, " target"]  # of each word, given those before it (nats)
    uniform: ForcedAttention  # every weight 1/source; one draw
    permuted: ForcedAttention  # every word's own weights in an order drawn for it

    @property
    def probability(self) -> float:
        """The whole translation's probability with the network's own attention."""
        return float(np.exp(self.log_probabilities.sum()))

    @property
    def shares(self) -> Float[Array, "target source"]:
        """The sizes of the products as shares of 1, word by word; a word that owes nothing to any has zeros."""
        sizes = np.abs(self.products)
        totals = sizes.sum(axis=1, keepdims=True)
        shares: Array = sizes / np.where(totals > 0, totals, 1)
        return shares

    @property
    def agreement(self) -> Float[Array, " target"]:
        """Kendall's τ between a word's weights and the sizes of its products."""
        pairs = zip(self.weights, np.abs(self.products), strict=True)
        return np.array([kendall_tau(weights, sizes) for weights, sizes in pairs])


def kendall_tau(one: Float[Array, " item"], other: Float[Array, " item"]) -> float:
    """Return Kendall's τ_b: 1 where both put the items in the same order, -1 where in the opposite; NaN where one has no order.

    >>> kendall_tau(np.array([0.1, 0.2, 0.7]), np.array([1.0, 5.0, 9.0]))
    1.0

    Source:
        Kendall (1945), https://doi.org/10.1093/biomet/33.3.239
    """
    first, second = np.triu_indices(len(one), k=1)
    ours, theirs = np.sign(one[first] - one[second]), np.sign(other[first] - other[second])
    ordered = float((ours**2).sum() * (theirs**2).sum())
    return float((ours * theirs).sum() / np.sqrt(ordered)) if ordered else float("nan")
