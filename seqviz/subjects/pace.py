"""A few training steps of an experiment, timed."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, integer, text


@dataclass(frozen=True, kw_only=True)
class TimedSteps(Config):
    """A few training steps of an experiment, to see how long they take."""

    kind: ClassVar[str] = "timing"

    experiment: str = text("{}", r"(?s).{2,8000}", "experiment", note="as JSON")
    steps: int = integer(12, 1, 100, "training steps timed")
