"""What looking inside a feed-forward network gives: how much of a loss's gradient each layer gets."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class LayerGradients(Record):
    """How strongly a loss depends on each hidden layer, the lowest first.

    ``state_norms`` are L2 norms over units of ∂L/∂h_l, by point, L being the loss summed over the points, with every path
    from h_l on. ``weight_sums`` = Σ|∂L̄/∂W_l| over all weights of the layer, L̄ being the mean loss. ``state_sizes`` are root
    mean squares of h_l over units and points.
    """

    state_norms: Float[Array, "layer batch"]
    weight_sums: Float[Array, " layer"]
    state_sizes: Float[Array, " layer"]
