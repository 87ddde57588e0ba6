"""Fresh sequences that a run answers."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import integer
from seqviz.subjects.run import OfRun


@dataclass(frozen=True, kw_only=True)
class FreshSequences(OfRun):
    """Sequences that a run has not learned from, which its network answers as far as it was trained."""

    kind: ClassVar[str] = "judgement"

    sequences: int = integer(2000, 1, 10_000, "fresh sequences")
