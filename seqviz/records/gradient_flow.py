"""The gradient that reaches each state, by time step; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class GradientFlow:
    """How strongly one loss depends on each state: L2 norms over units, per sequence, of total derivatives.

    ``hidden_norms`` and ``cell_norms`` count every path from that state on. ``direct_norms`` is what arrives at h_t
    from above alone, without what comes back through the recurrence: the number that other tools plot.
    """

    hidden_norms: Float[Array, "layer direction batch time"]
    cell_norms: Float[Array, "layer direction batch time"] | None
    direct_norms: Float[Array, "layer direction batch time"]
