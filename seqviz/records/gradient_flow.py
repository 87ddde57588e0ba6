"""The gradient that reaches each state, by time step; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class GradientFlow(Record):
    """How strongly one loss depends on each state: L2 norms over units, per sequence, of total derivatives.

    ``hidden_norms`` and ``cell_norms`` count every path from that state on. ``direct_norms`` is what arrives at h_t
    from above alone, without what comes back through the recurrence: the number that other tools plot. Entry t belongs to the
    state after the input at t was read; ``initial_hidden_norms`` and ``initial_cell_norms`` to the state before the first
    step. Where sequences have ``lengths``, entries after a sequence's end are NaN. Where a gradient is too large for a float,
    its norm is infinite, and ``log10_…`` give the logs of all norms, -∞ of a 0; elsewhere they are None.
    """

    hidden_norms: Float[Array, "layer direction batch time"]
    cell_norms: Float[Array, "layer direction batch time"] | None
    direct_norms: Float[Array, "layer direction batch time"]
    initial_hidden_norms: Float[Array, "layer direction batch"] | None = None
    initial_cell_norms: Float[Array, "layer direction batch"] | None = None
    lengths: Int[Array, " batch"] | None = None
    hidden: Float[Array, "layer direction batch time unit"] | None = None  # ∂L/∂h_t itself, where it was asked for
    cell: Float[Array, "layer direction batch time cell_unit"] | None = None
    inputs: Float[Array, "batch time feature"] | None = None  # ∂L/∂x_t, likewise
    log10_hidden_norms: Float[Array, "layer direction batch time"] | None = None
    log10_cell_norms: Float[Array, "layer direction batch time"] | None = None
    log10_direct_norms: Float[Array, "layer direction batch time"] | None = None
    log10_initial_hidden_norms: Float[Array, "layer direction batch"] | None = None
    log10_initial_cell_norms: Float[Array, "layer direction batch"] | None = None
    note: str = ""  # what a reader should know of how it was traced
