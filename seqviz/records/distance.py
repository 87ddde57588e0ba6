"""What distance does to a gradient and to time; the axes are those of :mod:`seqviz.records`."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class DistantGradient(Record):
    """How strongly one loss depends on what was read at each distance before it.

    ``norms`` are L2 norms over units of ∂L/∂x_t, by the number of steps from t to the loss, the nearest first, the mean over
    sequences. ``distances`` begin with 0 where the loss is of the step itself, with 1 where it is of what is written next.
    """

    distances: Int[Array, " time"]
    norms: Float[Array, "seed time"]

    @property
    def shares(self) -> Float[Array, "seed time"]:
        """Each norm as a share of that at the nearest step, seed by seed."""
        with np.errstate(divide="ignore", invalid="ignore"):
            shares: Array = self.norms / self.norms[:, :1]
        return shares

    @property
    def medians(self) -> Float[Array, " time"]:
        """The shares' median over seeds."""
        medians: Array = np.median(self.shares, axis=0)
        return medians


@dataclass(frozen=True, kw_only=True, repr=False)
class LengthTimes(Record):
    """Seconds that each network takes to go through one sequence and to carry its gradient back, round by round."""

    length: int
    seconds: Mapping[str, Float[Array, " round"]]
    machine: str

    def median(self, name: str) -> float:
        """The median of one network’s rounds."""
        return float(np.median(self.seconds[name]))
