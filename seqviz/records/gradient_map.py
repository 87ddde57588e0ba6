"""The gradient of each loss at each state; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class GradientMap(Record):
    """How strongly each loss depends on each state; 0 where a state cannot reach a loss.

    Where sequences have ``lengths``, rows and columns after a sequence's end are NaN. Where a gradient is too large for a
    float, its norm is infinite, and ``log10_…`` give the logs of all norms, -∞ of a 0; elsewhere they are None.
    """

    norms: Float[Array, "layer direction batch loss_time state_time"]
    cell_norms: Float[Array, "layer direction batch loss_time state_time"] | None
    lengths: Int[Array, " batch"] | None = None
    log10_norms: Float[Array, "layer direction batch loss_time state_time"] | None = None
    log10_cell_norms: Float[Array, "layer direction batch loss_time state_time"] | None = None
    note: str = ""  # what a reader should know of how it was traced
