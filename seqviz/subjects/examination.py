"""Held-out sentences that a run translates."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import integer, text
from seqviz.subjects.run import AtStep


@dataclass(frozen=True, kw_only=True)
class Examined(AtStep):
    """Held-out sentences that a run's encoder-decoder translates after ``step`` training steps, alone or with others.

    ``others`` write each word together with it, by the mean of all their probabilities, each as far as it was trained.
    """

    kind: ClassVar[str] = "examination"

    sentences: int = integer(500, 1, 2000, "held-out sentences")
    longest: int = integer(12, 2, 25, "longest sentence", note="in words; it may be longer than any that was learned from")
    width: int = integer(1, 1, 12, "beam width", note="1 takes the likeliest word each time")
    others: str = text("", r"([0-9a-f]{20}(,[0-9a-f]{20}){0,10})?", "written together with", note="runs, with commas between")

    @property
    def members(self) -> tuple[str, ...]:
        """The runs that write together."""
        return (self.run, *(each for each in self.others.split(",") if each))
