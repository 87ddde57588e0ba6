"""What training records; the axes are those of :mod:`seqviz.records`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float, Int

from seqviz.records.record import Record

Array = np.ndarray

EXACT_OF = 256  # held-out sentences that a probe has written

METRIC_COLUMNS = ("loss", "metric", "gradient_norm", "applied_norm", "clipped")


@dataclass(frozen=True, kw_only=True, repr=False)
class StepRow(Record):
    """What one training step recorded: one row of :class:`Metrics`, whose words apply.

    ``step`` counts from 1: it is the number of steps done once this one is.
    """

    step: int
    loss: float
    metric: float
    gradient_norm: float
    applied_norm: float
    clipped: bool
    cosine: float = math.nan


@dataclass(frozen=True, kw_only=True, repr=False)
class Metrics(Record):
    """What a run recorded at every training step; row i belongs to ``step[i]``.

    ``loss`` and ``metric`` are of that step's batch before its update; the norms are of the whole gradient before
    and after clipping (L2 over all parameters); ``clipped`` says whether clipping changed it. ``cosine`` is of the angle
    between the whole gradient before and after clipping: 1 where it only became shorter, NaN where either is 0 or nothing
    was recorded; None in all of an older run.
    """

    step: Int[Array, " step"]
    loss: Float[Array, " step"]
    metric: Float[Array, " step"]
    gradient_norm: Float[Array, " step"]
    applied_norm: Float[Array, " step"]
    clipped: Bool[Array, " step"]
    cosine: Float[Array, " step"] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Probes(Record):
    """What a run saw on its fixed probe batch every so often; axis ``probe`` counts those moments.

    The norms are means over the batch of GradientFlow's per-sequence norms. ``gate_means``, ``left_saturated`` (share of
    values below 0.1) and ``right_saturated`` (above 0.9) are per gate (a candidate is none), over batch, time and units
    (Karpathy, Johnson & Fei-Fei, 2015). ``exact`` is the share of ``EXACT_OF`` draws of held-out sentences that an
    encoder-decoder writes without a mistake, on its own; None where nothing is written, or where it was not asked.
    ``weight_sums`` are LayerGradients', of a feed-forward network; None of any other.
    """

    step: Int[Array, " probe"]
    hidden_norms: Float[Array, "probe layer direction time"]
    cell_norms: Float[Array, "probe layer direction time"] | None
    direct_norms: Float[Array, "probe layer direction time"]
    gate_means: Mapping[str, Float[Array, "probe layer direction"]] = field(default_factory=dict)
    left_saturated: Mapping[str, Float[Array, "probe layer direction"]] = field(default_factory=dict)
    right_saturated: Mapping[str, Float[Array, "probe layer direction"]] = field(default_factory=dict)
    exact: Float[Array, " probe"] | None = None
    weight_sums: Float[Array, "probe layer"] | None = None
