"""One training step of an experiment."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, integer, text


@dataclass(frozen=True, kw_only=True)
class TrainingStep(Config):
    """One training step of an experiment, taken after ``done`` others, and one weight of which every number is shown."""

    kind: ClassVar[str] = "training step"

    experiment: str = text("{}", r"(?s).{2,8000}", "experiment", note="as JSON")
    done: int = integer(0, 0, 10_000_000, "training steps done before")
    weight: str = text("rnn.weight_hh_l0", r"[A-Za-z0-9_.]{1,80}", "weight", note="by its PyTorch name")
