"""Pascanu's criterion for vanishing and exploding gradients."""

import math
from dataclasses import dataclass

from seqviz.records.record import Record

ROUNDING = 1e-5  # relative: numbers of a float32 matrix that differ by less count as equal


@dataclass(frozen=True, kw_only=True, repr=False)
class PascanuCriterion(Record):
    """The numbers that decide what a plain RNN's recurrent matrix W allows the gradient to do.

    ``gamma`` is the largest |φ'| of the activation: 1 for tanh and ReLU, 1/4 for the sigmoid.

    Source:
        Pascanu, Mikolov & Bengio (2013), section 2.1, https://arxiv.org/abs/1211.5063
    """

    largest_singular_value: float
    spectral_radius: float
    gamma: float

    @property
    def sentence(self) -> str:
        """The criterion in words, as it holds for these numbers."""
        sigma, bound = self.largest_singular_value, 1 / self.gamma
        if math.isclose(sigma, bound, rel_tol=ROUNDING):  # an orthogonal matrix in float32 is one up to rounding
            return f"σ_max(W) equals 1/γ = {bound:.3g}: the gradient cannot explode, and need not vanish."
        if sigma < bound:
            return f"σ_max(W) = {sigma:.3g} is below 1/γ = {bound:.3g}: that suffices for the gradient to vanish."
        return (
            f"σ_max(W) = {sigma:.3g} is above 1/γ = {bound:.3g}: the gradient may explode, for which this is necessary "
            "but not sufficient."
        )
