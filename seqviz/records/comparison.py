"""What is held against each other of networks that translate; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class ComparedTranslator:
    """One translator, as it did on held-out sentences, and what it cost."""

    label: str  # as it stands behind "the" in a sentence
    right: int  # sentences without a mistake
    of: int
    bleu: float
    alignment_error: float | None
    parameters: int
    step_seconds: float


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
