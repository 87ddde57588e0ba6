"""When a run has learned its task: the first training step at which the mean of the last 50 says so."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record
from seqviz.records.training import Metrics

WINDOW = 50  # training steps averaged, since one batch says little


@dataclass(frozen=True, repr=False)
class Goal(Record):
    """What counts as having learned a task: a column of :class:`Metrics` that comes to ``value``, from above or from below."""

    column: str  # "loss" or "metric"
    value: float
    rises: bool

    @property
    def sentence(self) -> str:
        """The goal in words: ``a loss below 0.01``."""
        return f"an accuracy above {self.value:.0%}" if self.rises else f"a loss below {self.value:g}"

    @property
    def lasting(self) -> str:
        """The goal in words where it must not be lost again: ``a loss that stays below 0.01``."""
        return self.sentence.replace(" above", " that stays above").replace(" below", " that stays below")

    def there(self, values: Float[np.ndarray, " block"]) -> np.ndarray:
        """Return which of the values have come to the goal."""
        return values > self.value if self.rises else values < self.value


GOALS: Mapping[str, Goal] = {
    "adding": Goal("loss", 0.01, rises=False),
    "temporal_order": Goal("metric", 0.99, rises=True),
    "copying": Goal("loss", 0.01, rises=False),
}


def learned_at(metrics: Metrics, goal: Goal) -> int | None:
    """Return the first training step at which the mean of the last 50 steps has come to ``goal``; None where none has.

    >>> from seqviz.records import Metrics
    >>> falling = np.where(np.arange(200) < 100, 0.2, 0.0)
    >>> zeros, steps = np.zeros(200), np.arange(1, 201)
    >>> run = Metrics(step=steps, loss=falling, metric=zeros, gradient_norm=zeros, applied_norm=zeros, clipped=zeros > 0)
    >>> learned_at(run, GOALS["adding"]), learned_at(run, GOALS["temporal_order"])
    (148, None)
    """
    values = np.asarray(getattr(metrics, goal.column), dtype=float)
    if len(values) < WINDOW:
        return None
    last = np.lib.stride_tricks.sliding_window_view(values, WINDOW).mean(axis=1)
    there = np.flatnonzero(goal.there(last))
    return int(metrics.step[there[0] + WINDOW - 1]) if there.size else None


def lasts_from(blocks: Float[np.ndarray, " block"], goal: Goal) -> int | None:
    """Return the training step from which the means of 50 steps, block by block, have come to ``goal`` and stay there.

    It is the last step of the first such block; None where the last block of all has not come there.

    >>> [lasts_from(np.array(each), GOALS["adding"]) for each in ([0.1, 0.001, 0.1, 0.001, 0.0], [0.001, 0.1], [0.0], [])]
    [200, None, 50, None]
    """
    missed = np.flatnonzero(~goal.there(blocks))
    first = int(missed[-1]) + 1 if missed.size else 0
    return WINDOW * (first + 1) if first < len(blocks) else None


def means(values: np.ndarray) -> Float[np.ndarray, " block"]:
    """Return the mean of each 50 values, one after another; fewer at the end are left out.

    >>> means(np.arange(120)).tolist()
    [24.5, 74.5]
    """
    whole = len(values) // WINDOW * WINDOW
    blocks: np.ndarray = np.asarray(values[:whole], dtype=float).reshape(-1, WINDOW).mean(axis=1)
    return blocks
