"""How answers are judged: losses and metrics that several tasks share."""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F


def squared_error(outputs: Float[Tensor, "batch 1"], targets: Float[Tensor, "batch 1"]) -> Float[Tensor, ""]:
    """Return the mean squared error."""
    return ((outputs - targets) ** 2).mean()


def share_within(outputs: Float[Tensor, "batch 1"], targets: Float[Tensor, "batch 1"]) -> Float[Tensor, ""]:
    """Return the share of answers less than 0.04 off.

    Source:
        Hochreiter & Schmidhuber (1997), section 5.4, count an answer as right from there on.
    """
    return ((outputs - targets).abs() < 0.04).float().mean()


def cross_entropy(outputs: Float[Tensor, "*batch symbol"], targets: Int[Tensor, "*batch"]) -> Float[Tensor, ""]:
    """Return the mean cross-entropy in nats over everything that is asked (target -100: nothing is)."""
    return F.cross_entropy(outputs.flatten(0, -2), targets.flatten())


def accuracy(outputs: Float[Tensor, "*batch symbol"], targets: Int[Tensor, "*batch"]) -> Float[Tensor, ""]:
    """Return the share of what is asked (target -100: nothing is) that the likeliest symbol answers."""
    asked = targets >= 0
    right = (outputs.argmax(-1) == targets) & asked
    return torch.sum(right) / torch.sum(asked)
