"""Multi-head attention, written out: every score and every weight is a return value."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

Seen = tuple[Tensor, Tensor]  # keys and values, each (batch, head, key, head_width)


@dataclass(frozen=True, kw_only=True)
class Attended:
    """All that attention did; ``scores`` are divided by √head_width already, and -inf where nothing may be seen."""

    queries: Float[Tensor, "batch head query unit"]
    keys: Float[Tensor, "batch head key unit"]
    values: Float[Tensor, "batch head key unit"]
    scores: Float[Tensor, "batch head query key"]
    weights: Float[Tensor, "batch head query key"]  # rows sum to 1; exactly 0 where nothing may be seen
    mixed: Float[Tensor, "batch head query unit"]  # weights · values
    output: Float[Tensor, "batch query width"]  # the heads side by side, through the output's matrix


class MultiHeadAttention(nn.Module):
    """Several heads, each of which looks with queries, keys and values of its own.

    Source:
        Vaswani et al. (2017), section 3.2.2, https://arxiv.org/abs/1706.03762
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(
        self, read: Float[Tensor, "batch query width"], seen: Seen, mask: Tensor | None = None, forced: Tensor | None = None
    ) -> Attended:
        """Return what attention does for each position of ``read``.

        Args:
            read: what asks.
            seen: keys and values to attend to, from :meth:`look`.
            mask: true where a query may see a key; to be broadcast to (batch, head, query, key); None: everywhere.
            forced: weights to use instead of its own, likewise; the scores returned are its own all the same.
        """
        (keys, values), queries = seen, self._split(self.query(read))
        scores = torch.matmul(queries / math.sqrt(queries.shape[-1]), keys.transpose(-2, -1))
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        weights = scores.softmax(-1) if forced is None else forced.expand_as(scores)
        mixed = torch.matmul(weights, values)
        output = self.out(mixed.transpose(1, 2).flatten(2))
        return Attended(
            queries=queries, keys=keys, values=values, scores=scores, weights=weights, mixed=mixed, output=output
        )  # fmt: skip

    def look(self, states: Float[Tensor, "batch key width"]) -> Seen:
        """Return the keys and values to attend to."""
        return self._split(self.key(states)), self._split(self.value(states))

    def _split(self, states: Tensor) -> Tensor:
        """Return (batch, time, width) as (batch, head, time, head_width)."""
        return states.view(*states.shape[:-1], self.heads, -1).transpose(1, 2)
