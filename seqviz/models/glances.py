"""What a captioner returns."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from seqviz.models.stacks import State


@dataclass(frozen=True, kw_only=True)
class SeenPicture:
    """A batch of pictures as the decoder sees them: one annotation vector for each cell, row by row."""

    annotations: Float[Tensor, "batch cell annotation"]
    carried: State  # what reading the first word needs
    rows: int  # of the grid


@dataclass(frozen=True, kw_only=True)
class Glances:
    """What the decoder did at every word: where it looked, and what it read off.

    Where several heads look at once, ``weights`` are their mean, which has no scores of its own and takes up no context.
    """

    logits: Float[Tensor, "batch time word"]
    weights: Float[Tensor, "batch time cell"]  # sum to 1 over the cells
    carried: State  # what reading the next word needs of those before
    scores: Float[Tensor, "batch time cell"] | None = None
    contexts: Float[Tensor, "batch time annotation"] | None = None  # Σ weight · annotation
    heads: Float[Tensor, "batch time head cell"] | None = None  # each head's weights
