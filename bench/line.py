"""One line of the bench: a promise of speed, and what was measured."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


class CannotMeasure(RuntimeError):
    """A line needs something that this machine lacks; the message says what."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was measured: a median, and the 95th percentile where a person waits for it."""

    median: float
    p95: float | None = None
    spread: tuple[float, float] | None = None  # the quartiles of what the median was taken from
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class Line:
    """A promise of speed. Nothing is measured before ``measure`` is called.

    ``target`` holds for the median. ``p95_target``, where given, holds for the 95th percentile as well.
    """

    name: str  # what --only finds: "gates.fused"
    title: str  # "trace_gates (LSTM) against a bare fused forward"
    unit: Literal["×", "ms", "s", "MB", "frames/s"]
    better: Literal["lower", "higher"]
    target: float
    measure: Callable[[], Reading]
    p95_target: float | None = None

    def keeps(self, reading: Reading) -> bool:
        """Return whether ``reading`` keeps the promise; a measurement that is not a number never does."""
        median_kept = reading.median <= self.target if self.better == "lower" else reading.median >= self.target
        if self.p95_target is None:
            return median_kept
        return median_kept and reading.p95 is not None and reading.p95 <= self.p95_target
