"""What nudging one input changes later; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from seqviz.records.agreement import Agreement
from seqviz.records.record import Record

Array = np.ndarray

ROUNDED = 1e-13  # a smaller change of a state, whose numbers are of size 1, may be rounding of float64 by more than a hundredth
MUCH = 10  # times what could be measured: so large a prediction is compared with what is too small to measure


@dataclass(frozen=True, kw_only=True, repr=False)
class Nudge(Record):
    """What nudging one input along a direction of length 1 does to the state, n = 0, 1, … steps later.

    ``changes`` are ‖h_{t+n}(x_t + ε·d) - h_{t+n}(x_t)‖, computed by reading the sequence again; ``predicted`` are ‖J·d‖ with
    J = ∂h_{t+n}/∂x_t, so that the gradient predicts a change of ε·‖J·d‖; ``errors`` are the norms of the difference,
    ‖h_{t+n}(x_t + ε·d) - h_{t+n}(x_t) - ε·J·d‖.
    """

    time: int  # t
    sizes: Float[Array, " size"]  # ε
    changes: Float[Array, "size later"]
    predicted: Float[Array, " later"]
    errors: Float[Array, "size later"]
    agreement: Agreement  # of J·d at the last step with finite differences

    @property
    def measurable(self) -> Bool[Array, "size later"]:
        """Where the change is larger than float64 rounding."""
        large: Array = self.changes > ROUNDED
        return large

    @property
    def relative_errors(self) -> Float[Array, "size later"]:
        """The errors as shares of the change measured, which counts as at least ``ROUNDED``.

        NaN where it is within rounding, and the gradient predicts no much larger one.
        """
        return self._per_change(self.errors)

    @property
    def ratios(self) -> Float[Array, "size later"]:
        """The predicted change ÷ the measured one; NaN as for the errors."""
        return self._per_change(self._foretold)

    @property
    def _foretold(self) -> Float[Array, "size later"]:
        foretold: Array = self.sizes[:, None] * self.predicted
        return foretold

    def _per_change(self, values: Float[Array, "size later"]) -> Float[Array, "size later"]:
        told = self.measurable | (self._foretold > MUCH * ROUNDED)
        shares: Array = np.where(told, values / np.maximum(self.changes, ROUNDED), np.nan)
        return shares
