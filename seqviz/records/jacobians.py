"""The Jacobians of a recurrence; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class JacobianTrace(Record):
    """The Jacobians of one sequence's recurrence in one layer and direction.

    ``steps[t]`` = ∂s_t/∂s_prev, where prev is the state processed just before t (the initial state at the first);
    ``norms[t, k]`` = ‖∂h_t/∂h_k‖₂ along the whole recurrence (for an LSTM the h-block of the full-state product), 0 where
    k is processed after t, NaN where t was not asked for; ``product_bounds[t, k]`` = ∏‖step‖₂; ``beta_bounds[t, k]`` =
    (β_W·β_h)^distance for a plain RNN, else None; ``singular_values[t]`` of ∂s_last/∂s_t, last in processing order, largest
    first. Where a float cannot hold one of these products, it is infinite, and ``log10_…`` give the logs of all, -∞ of a 0;
    elsewhere they are None.
    """

    steps: Float[Array, "time state state"]
    norms: Float[Array, "time time"]
    product_bounds: Float[Array, "time time"]
    beta_bounds: Float[Array, "time time"] | None
    singular_values: Float[Array, "time state"]
    log10_norms: Float[Array, "time time"] | None = None
    log10_product_bounds: Float[Array, "time time"] | None = None
    log10_beta_bounds: Float[Array, "time time"] | None = None
    log10_singular_values: Float[Array, "time state"] | None = None
