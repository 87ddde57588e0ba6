"""Every state and gate of a recurrent network; the axes are those of :mod:`seqviz.records`."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class GateTrace(Record):
    """Every state and gate of a recurrent network reading a batch of sequences.

    ``gates`` holds post-activation values: ``input forget candidate output`` for an LSTM, ``reset update candidate``
    for a GRU, nothing for a plain RNN. Where sequences have ``lengths``, entries after a sequence's end are NaN.
    """

    hidden: Float[Array, "layer direction batch time unit"]
    cell: Float[Array, "layer direction batch time cell_unit"] | None
    gates: Mapping[str, Float[Array, "layer direction batch time cell_unit"]]
    lengths: Int[Array, " batch"] | None = None
    note: str = ""  # what a reader should know of how it was traced
