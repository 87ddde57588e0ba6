"""How translating networks compare; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class ComparedTranslator(Record):
    """One kind of translator, as it did on held-out sentences from each of its seeds, and what it cost.

    ``exact`` is the share of ``of`` sentences without a mistake. ``alignment_error`` is None where nothing attends;
    ``step_seconds`` is of one training step.
    """

    label: str  # as written after "the" in a sentence
    exact: Float[Array, " seed"]
    of: int
    bleu: Float[Array, " seed"]  # NaN where no right translation has four words in a row
    alignment_error: Float[Array, " seed"] | None
    parameters: int
    step_seconds: Float[Array, " seed"]
