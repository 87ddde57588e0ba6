"""What single units of a recurrent network follow, and how saturated their gates are; axes as in :mod:`seqviz.records`."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class UnitSaturation(Record):
    """How often each unit's gates are nearly shut (< 0.1) or nearly open (> 0.9): shares of the values, over batch and time.

    Gate by gate, for those that are sigmoids; an LSTM's and a GRU's candidate is none.
    """

    left: Mapping[str, Float[Array, "layer direction unit"]]
    right: Mapping[str, Float[Array, "layer direction unit"]]


@dataclass(frozen=True, kw_only=True, repr=False)
class UnitRanking(Record):
    """How well each unit of one array follows each property of a text, beside the best that chance gives.

    ``scores`` are in [-1, 1], 0 where there is no tie: 2·AUC - 1 for a property that holds or not, Spearman's rank
    correlation for a number; NaN where the unit or the property never changes. ``chance`` is the largest ``|score|`` of any
    unit when the property is turned round in time against the text. ``shares`` are the properties' means.
    """

    scores: Float[Array, "property unit"]
    chance: Float[Array, " property"]
    shares: Float[Array, " property"]
    positions: int
