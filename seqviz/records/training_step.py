"""What one training step did; the axes are those of :mod:`seqviz.records`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record

Array = np.ndarray

MOST_CELLS = 64  # rows and columns of a weight that are shown, and time steps: the first ones


@dataclass(frozen=True, kw_only=True, repr=False)
class WeightStep(Record):
    """What a training step did to one weight: its first rows and columns, a vector as one row.

    ``update`` is what was added: ``new`` less ``values``. ``state`` is what the optimizer keeps for it once the step is done.
    """

    name: str
    shape: tuple[int, ...]  # of the whole weight
    values: Float[Array, "row column"]
    gradient: Float[Array, "row column"]
    clipped: Float[Array, "row column"]
    update: Float[Array, "row column"]
    new: Float[Array, "row column"]
    state: Mapping[str, Float[Array, "row column"]]


@dataclass(frozen=True, kw_only=True, repr=False)
class StepTrace(Record):
    """One training step of a recurrent network, taken apart: forward, loss, backward, clip, update.

    Losses are means over the step's batch, ``loss_after`` of the same batch once the weights are new. The norms are L2, of
    all weights together, and weight by weight. What is of one sequence is of the batch's first. Where the step met a number
    that is not finite, ``diverged`` says which, and nothing was applied: ``new`` is what it was.
    """

    step: int  # the first is 1
    loss: float
    loss_after: float
    metric: float
    gradient_norm: float
    applied_norm: float
    update_norm: float
    cosine: float  # of the gradient before and after clipping
    clipped: bool
    diverged: str
    names: tuple[str, ...]  # of all weights
    gradient_norms: Float[Array, " weight"]
    applied_norms: Float[Array, " weight"]
    update_norms: Float[Array, " weight"]
    inputs: Float[Array, "shown input"]  # at the first time steps
    hidden: Float[Array, "shown unit"]  # likewise, of the last layer, read forward
    reach: Float[Array, " time"]  # the norm of ∂L/∂h_t, of the sequence's share of the batch's mean loss
    answers: Float[Array, "answer output"]
    targets: Float[Array, "answer target"]  # numbers, or a class each
    weight: WeightStep
    ended: str = ""  # what the run diverged of, where that was before the step asked for: this is then its last that was taken

    @property
    def change(self) -> float:
        """By what share of itself the loss grew: below 0 it fell; NaN where the step was not applied."""
        if self.diverged:
            return math.nan
        if self.loss:
            return (self.loss_after - self.loss) / abs(self.loss)
        return math.inf if self.loss_after else 0.0
