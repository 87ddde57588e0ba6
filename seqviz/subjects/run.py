"""What most subjects have in common: a run, and how far it was trained."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, integer, text


@dataclass(frozen=True, kw_only=True)
class OfRun(Config):
    """Something of a run."""

    kind: ClassVar[str] = "run"

    run: str = text("0" * 20, "[0-9a-f]{20}", "run")


@dataclass(frozen=True, kw_only=True)
class AtStep(OfRun):
    """Something of a run after ``step`` training steps, by default the last."""

    step: int | None = integer(None, 0, 10_000_000, "training step", optional=True, note="none is the last")  # type: ignore[arg-type]
