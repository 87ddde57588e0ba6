"""What a network made of somebody's own weights does with a text; the axes are those of :mod:`seqviz.records`."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.gates import GateTrace
from seqviz.records.gradient_flow import GradientFlow
from seqviz.records.gradient_map import GradientMap
from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class WeightsTrace(Record):
    """A text read by a network made of somebody's own weights.

    ``losses[t]`` is what the network has to pay for the token at t + 1, in nats; None where it predicts no next token.
    """

    kind: str  # "LSTM"
    names: Mapping[str, str]  # a part of the network → the name of its weights
    tokens: tuple[str, ...]  # as they were read
    asked: str  # what the gradients are of
    gates: GateTrace
    flow: GradientFlow
    map: GradientMap | None  # of each next token's loss; None where it predicts none, or the text is long
    losses: Float[Array, " time"] | None
