"""What looking inside a recurrent network gives; the axes are those of :mod:`seqviz.records`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Array = np.ndarray

ROUNDING = 1e-5  # relative: numbers of a float32 matrix that differ by less count as equal


@dataclass(frozen=True, kw_only=True)
class GateTrace:
    """Every state and gate of a recurrent network reading a batch of sequences.

    ``gates`` holds post-activation values: ``input forget candidate output`` for an LSTM, ``reset update candidate``
    for a GRU, nothing for a plain RNN.
    """

    hidden: Float[Array, "layer direction batch time unit"]
    cell: Float[Array, "layer direction batch time unit"] | None
    gates: Mapping[str, Float[Array, "layer direction batch time unit"]]


@dataclass(frozen=True, kw_only=True)
class UnitSaturation:
    """How often each unit's gates are nearly shut (< 0.1) or nearly open (> 0.9): shares of the values, over batch and time.

    Gate by gate, for those that are sigmoids; an LSTM's and a GRU's candidate is none.
    """

    left: Mapping[str, Float[Array, "layer direction unit"]]
    right: Mapping[str, Float[Array, "layer direction unit"]]


@dataclass(frozen=True, kw_only=True)
class UnitRanking:
    """How well each unit of one array follows each property of a text, beside the best that chance gives.

    ``scores`` are in [-1, 1], 0 where there is no tie: 2·AUC - 1 for a property that holds or not, Spearman's rank
    correlation for a number; NaN where the unit or the property never changes. ``chance`` is the largest ``|score|`` of any
    unit when the property is turned round in time against the text. ``shares`` are the properties' means.
    """

    scores: Float[Array, "property unit"]
    chance: Float[Array, " property"]
    shares: Float[Array, " property"]
    positions: int


@dataclass(frozen=True, kw_only=True)
class GradientFlow:
    """How strongly one loss depends on each state: L2 norms over units, per sequence, of total derivatives.

    ``hidden_norms`` and ``cell_norms`` count every path from that state on. ``direct_norms`` is what arrives at h_t
    from above alone, without what comes back through the recurrence: the number that other tools plot.
    """

    hidden_norms: Float[Array, "layer direction batch time"]
    cell_norms: Float[Array, "layer direction batch time"] | None
    direct_norms: Float[Array, "layer direction batch time"]


@dataclass(frozen=True, kw_only=True)
class GradientMap:
    """How strongly each loss depends on each state; 0 where a state cannot reach a loss."""

    norms: Float[Array, "layer direction batch loss_time state_time"]
    cell_norms: Float[Array, "layer direction batch loss_time state_time"] | None


@dataclass(frozen=True, kw_only=True)
class JacobianTrace:
    """The Jacobians of one sequence's recurrence in one layer and direction.

    ``steps[t]`` = ∂s_t/∂s_prev, where prev is the state processed just before t (the initial state at the first);
    ``norms[t, k]`` = ‖∂h_t/∂h_k‖₂ along the whole recurrence (for an LSTM the h-block of the full-state product), 0 where
    k is processed after t, NaN where t was not asked for; ``product_bounds[t, k]`` = ∏‖step‖₂; ``beta_bounds[t, k]`` =
    (β_W·β_h)^distance for a plain RNN, else None; ``singular_values[t]`` of ∂s_last/∂s_t, last in processing order, largest
    first.
    """

    steps: Float[Array, "time state state"]
    norms: Float[Array, "time time"]
    product_bounds: Float[Array, "time time"]
    beta_bounds: Float[Array, "time time"] | None
    singular_values: Float[Array, "time state"]


@dataclass(frozen=True, kw_only=True)
class PascanuCriterion:
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


@dataclass(frozen=True, kw_only=True)
class WeightContributions:
    """∂J/∂W of the recurrent matrix, split by the step at which W was used: G = Σ_k G_k.

    ``projections[k]`` = ⟨G_k, G⟩/‖G‖, signed, so that they add up to ``total_norm`` = ‖G‖; ``norms[k]`` = ‖G_k‖.
    """

    projections: Float[Array, " time"]
    norms: Float[Array, " time"]
    total_norm: float


_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

AGREES = 0.1  # the largest relative error that is still called agreement


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """A gradient held against central finite differences, computed there and then in float64.

    ``relative_error`` = |difference - gradient| / |gradient| along one direction, at the best step width; None where the
    gradient is smaller, or steeper, than finite differences can resolve.
    """

    relative_error: float | None
    gradient: float
    difference: float

    @property
    def sentence(self) -> str:
        """The finding in words, as it stands beside the gradient."""
        if self.relative_error is None:
            steep = abs(self.gradient) > max(1.0, abs(self.difference))  # the smallest nudge is too large for it
            return f"is {'steeper' if steep else 'smaller'} than finite differences can resolve"
        if not self.relative_error <= AGREES:  # as may be at a kink of ReLU
            return f"differs from finite differences: {_written(self.gradient, 3)} against {_written(self.difference, 3)}"
        return f"agrees with finite differences to {_written(self.relative_error, 1)}"


def _written(value: float, digits: int) -> str:
    """Return a number as titles write it, with so many digits: ``3·10⁻⁷``, ``0.02``, ``0``."""
    if value == 0 or 1e-3 <= abs(value) < 1e4 or not math.isfinite(value):
        return f"{value:.{digits}g}"
    size, exponent = f"{value:.{digits - 1}e}".split("e")
    power = "10" + str(int(exponent)).translate(_SUPERSCRIPT)
    return power if float(size) == 1 else f"{float(size):g}·{power}"


@dataclass(frozen=True, kw_only=True)
class ScalarChain:
    """A chain of scalar factors x_t = w_t · x_{t-1}: values forward, derivatives backward.

    ``log10_sizes[t]`` = log10 |∂x_T/∂x_t| is exact also where ``derivatives[t]`` has over- or underflowed.
    """

    factors: Float[Array, " time"]
    values: Float[Array, " time_and_start"]
    derivatives: Float[Array, " time_and_start"]  # ∂x_T/∂x_t
    log10_sizes: Float[Array, " time_and_start"]


@dataclass(frozen=True, kw_only=True)
class ScalarUnroll:
    """A one-unit RNN unrolled, h_t = φ(w·h_{t-1} + u·x_t + b), with every value and derivative of its graph.

    ``to_*`` are total derivatives ∂L/∂·; ``local_*`` are the factors on the edges into h_t.
    """

    inputs: Float[Array, " time"]
    preactivations: Float[Array, " time"]
    hidden: Float[Array, " time_and_start"]  # hidden[0] is the initial state
    loss: float
    target: float
    to_hidden: Float[Array, " time_and_start"]
    to_preactivation: Float[Array, " time"]
    local_activation: Float[Array, " time"]  # φ'(a_t)
    local_recurrent: Float[Array, " time"]  # ∂h_t/∂h_{t-1} = φ'(a_t)·w
    weight_terms: Float[Array, " time"]  # the part of ∂L/∂w that was used at t
