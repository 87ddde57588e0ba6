"""Which connections of a recurrent network are kept in one training step."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class DropoutMasks(Record):
    """Which connections one sequence's network keeps.

    ``upward[l, t, u]``: layer l + 1 reads unit u of layer l at time t. ``onward[l, t, u]``: layer l's recurrent matrix reads
    at time t unit u of its own state at time t - 1 (at time 0 the initial state, which is 0).
    """

    upward: Bool[Array, "pair time unit"]
    onward: Bool[Array, "layer time unit"]

    @property
    def unbroken(self) -> Bool[Array, "layer unit"]:
        """Which units' own way through time, from the first state to the last step, is kept at every step."""
        return np.asarray(self.onward[:, 1:].all(axis=1))
