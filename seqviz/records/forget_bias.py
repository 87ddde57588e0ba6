"""How much of a gradient reaches the first step, by forget-gate bias; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class ForgetBiasReach(Record):
    """How much of the gradient at step T reaches step 0, before training, by forget-gate bias and by T.

    ``shares`` = ‖∂L_T/∂c_0‖ / ‖∂L_T/∂c_T‖ of an LSTM's cell state, where L_T is a loss of the answer at step T and c_0 the
    state before the first step: total derivatives, every path counted. ``gates_alone`` says whether the gates depend on
    their biases alone.
    """

    biases: Float[Array, " bias"]
    distances: Float[Array, " time"]  # T = 1, 2, …
    shares: Float[Array, "seed bias time"]
    gates_alone: bool

    @property
    def medians(self) -> Float[Array, "bias time"]:
        """The median over seeds."""
        medians: Array = np.median(self.shares, axis=0)
        return medians

    @property
    def products(self) -> Float[Array, "bias time"]:
        """σ(bias)^T: the product of T forget gates that depend on the bias alone."""
        gates = 1 / (1 + np.exp(-self.biases))
        products: Array = gates[:, None] ** self.distances
        return products
