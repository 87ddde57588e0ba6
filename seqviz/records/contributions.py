"""The steps that the gradient of the recurrent weights comes from; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class WeightContributions(Record):
    """∂J/∂W of the recurrent matrix, split by the step at which W was used: G = Σ_k G_k.

    ``projections[k]`` = ⟨G_k, G⟩/‖G‖, signed, so that they add up to ``total_norm`` = ‖G‖; ``norms[k]`` = ‖G_k‖.
    """

    projections: Float[Array, " time"]
    norms: Float[Array, " time"]
    total_norm: float
