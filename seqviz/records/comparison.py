"""What is held against each other of networks that translate; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class ComparedTranslator:
    """One kind of translator, as it did on held-out sentences from each of its seeds, and what it cost.

    ``exact`` is the share of ``of`` sentences without a mistake. ``alignment_error`` is None where nothing attends;
    ``step_seconds`` is of one training step.
    """

    label: str  # as it stands behind "the" in a sentence
    exact: Float[Array, " seed"]
    of: int
    bleu: Float[Array, " seed"]
    alignment_error: Float[Array, " seed"] | None
    parameters: int
    step_seconds: Float[Array, " seed"]


@dataclass(frozen=True, kw_only=True)
class HeadAlignment:
    """How far the strongest cross-attention of each head is from known alignments, the mean over held-out sentences.

    Alignment error rates, on the way to the right translation, word by word until before <eos>; ``near_errors`` count a link
    one source position off as found. ``mean_error`` is that of the mean over the heads of the last layer.
    """

    errors: Float[Array, "layer head"]
    near_errors: Float[Array, "layer head"]
    mean_error: float
    sentences: int

    @property
    def best(self) -> tuple[int, int]:
        """The layer and the head that come closest, both from 0."""
        layer, head = np.unravel_index(int(self.errors.argmin()), self.errors.shape)
        return int(layer), int(head)
