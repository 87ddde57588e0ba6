"""Attention, written out: how well a query fits each position of a source, and the weights that follow.

A score module is used in two halves, because what it makes of the source's states does not depend on the query:
``keys = score.keys(states)`` once for a sentence, ``score(query, keys)`` as often as there are queries.
"""

import math
from collections.abc import Callable, Mapping

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from seqviz.registry import look_up


def masked_softmax(scores: Float[Tensor, "batch *query source"], mask: Bool[Tensor, "batch source"]) -> Tensor:
    """Return weights that sum to 1 over the positions where ``mask`` is true; everywhere else they are exactly 0.

    >>> masked_softmax(torch.tensor([[0.0, 0.0, 9.0]]), torch.tensor([[True, True, False]])).tolist()
    [[0.5, 0.5, 0.0]]
    """
    between = (1,) * (scores.dim() - 2)
    return scores.masked_fill(~mask.view(len(mask), *between, mask.shape[1]), -math.inf).softmax(-1)


def weighted_sum(weights: Float[Tensor, "batch *query source"], states: Float[Tensor, "batch source unit"]) -> Tensor:
    """Return each query's context (batch, *query, unit): the states, each as much as its weight says."""
    return _over_source(weights, states)


class Dot(nn.Module):
    """Score = q · k. Where the source was read both ways, k is the sum of the two directions' states.

    Source:
        Luong, Pham & Manning (2015), equation 8, https://arxiv.org/abs/1508.04025
    """

    def __init__(self, query_size: int, state_size: int) -> None:
        super().__init__()
        self.query_size = query_size
        self.directions = state_size // query_size

    def keys(self, states: Float[Tensor, "batch source state"]) -> Float[Tensor, "batch source unit"]:
        """Return what queries are compared with."""
        return states if self.directions == 1 else states.view(*states.shape[:2], self.directions, self.query_size).sum(2)

    def forward(self, query: Float[Tensor, "batch *query unit"], keys: Float[Tensor, "batch source unit"]) -> Tensor:
        """Return the scores (batch, *query, source)."""
        return _over_source(query, keys.transpose(1, 2))

    def initialise(self, generator: torch.Generator) -> None:
        """Do nothing: there is nothing to learn."""


class ScaledDot(Dot):
    """Score = q · k / √units, so that its variance does not grow with the number of units.

    Source:
        Vaswani et al. (2017), section 3.2.1, https://arxiv.org/abs/1706.03762
    """

    def forward(self, query: Float[Tensor, "batch *query unit"], keys: Float[Tensor, "batch source unit"]) -> Tensor:
        """Return the scores (batch, *query, source)."""
        return super().forward(query / math.sqrt(self.query_size), keys)


class General(nn.Module):
    """Score = qᵀ W k.

    Source:
        Luong, Pham & Manning (2015), equation 8, https://arxiv.org/abs/1508.04025
    """

    def __init__(self, query_size: int, state_size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(query_size, state_size))

    def keys(self, states: Float[Tensor, "batch source state"]) -> Float[Tensor, "batch source unit"]:
        """Return W k of each state k."""
        return states @ self.weight.t()

    def forward(self, query: Float[Tensor, "batch *query unit"], keys: Float[Tensor, "batch source unit"]) -> Tensor:
        """Return the scores (batch, *query, source)."""
        return _over_source(query, keys.transpose(1, 2))

    def initialise(self, generator: torch.Generator) -> None:
        """Draw W from U(-1/√n, 1/√n), n being the size of a state."""
        bound = 1 / math.sqrt(self.weight.shape[1])
        nn.init.uniform_(self.weight, -bound, bound, generator=generator)


class Additive(nn.Module):
    """Score = vᵀ tanh(W q + U k), with as many hidden units as a query has.

    Source:
        Bahdanau, Cho & Bengio (2015), appendix A.1.2, https://arxiv.org/abs/1409.0473
    """

    def __init__(self, query_size: int, state_size: int) -> None:
        super().__init__()
        self.query_weight = nn.Parameter(torch.empty(query_size, query_size))  # W
        self.key_weight = nn.Parameter(torch.empty(query_size, state_size))  # U
        self.value = nn.Parameter(torch.empty(query_size))  # v

    def keys(self, states: Float[Tensor, "batch source state"]) -> Float[Tensor, "batch source unit"]:
        """Return U k of each state k."""
        return states @ self.key_weight.t()

    def forward(self, query: Float[Tensor, "batch *query unit"], keys: Float[Tensor, "batch source unit"]) -> Tensor:
        """Return the scores (batch, *query, source)."""
        between = (1,) * (query.dim() - 2)
        asked = (query @ self.query_weight.t()).unsqueeze(-2)  # (batch, *query, 1, unit)
        return torch.tanh(asked + keys.view(len(keys), *between, *keys.shape[1:])) @ self.value

    def initialise(self, generator: torch.Generator) -> None:
        """Draw W and U from a Gaussian with standard deviation 0.001 and set v to 0: every weight begins as 1/source.

        Source:
            Bahdanau, Cho & Bengio (2015), appendix B.1.
        """
        for weight in (self.query_weight, self.key_weight):
            nn.init.normal_(weight, 0, 0.001, generator=generator)
        nn.init.zeros_(self.value)


Score = Dot | General | Additive

SCORES: Mapping[str, Callable[[int, int], Score]] = {
    "dot": Dot,
    "general": General,
    "additive": Additive,
    "scaled": ScaledDot,
}


def build_score(name: str, query_size: int, state_size: int) -> Score:
    """Return the score called ``name`` between queries and states of these sizes; what it learns is not drawn yet.

    Raises:
        UnknownNameError: there is no such score.
    """
    return look_up(SCORES, name, "attention")(query_size, state_size)


def _over_source(left: Tensor, right: Tensor) -> Tensor:
    """Return the batched product of ``left`` (batch, *query, inner) and ``right`` (batch, inner, outer)."""
    if left.dim() == 3:
        return torch.bmm(left, right)
    return torch.bmm(left.reshape(len(left), -1, left.shape[-1]), right).view(*left.shape[:-1], right.shape[-1])
