"""An untrained feed-forward network, and points of its task."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.feedforward import FeedforwardConfig
from seqviz.experiment.fields import integer


@dataclass(frozen=True, kw_only=True)
class UntrainedFeedforward(FeedforwardConfig):
    """A feed-forward network fresh from its initialisation, and points of two spirals that it is asked the class of.

    The loss is the cross-entropy, summed over the points, so that each has gradients of its own.
    """

    kind: ClassVar[str] = "network"

    seed: int = integer(0, 0, 2**31 - 1, "seed", note="draws the weights and the points")
    points: int = integer(32, 1, 1024, "points", note="each has a norm of its own")
    layer: int = integer(1, 1, 100, "layer", note="whose gradient is held against finite differences")
