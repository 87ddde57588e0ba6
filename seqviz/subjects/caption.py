"""Pictures that a run describes."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import integer, text
from seqviz.subjects.run import AtStep


@dataclass(frozen=True, kw_only=True)
class Picture(AtStep):
    """A picture of shapes for a run's captioner after ``step`` training steps, and the words its caption begins with."""

    kind: ClassVar[str] = "picture"

    shows: str = text("a large orange circle", r"[a-z]{1,12}( [a-z]{1,12}){3,19}", "what is to be seen", note="as a caption")
    arrangement: int = integer(0, 0, 2**31 - 1, "arrangement", note="draws where everything stands")
    erased: str = text("", r"(\d(,\d){0,5})?", "things erased", note="by their numbers, from 0")
    given: str = text(
        "", r"([a-z<>]{1,12}( [a-z<>]{1,12}){0,15})?", "the caption begins with", note="words with blanks between"
    )

    @property
    def gone(self) -> frozenset[int]:
        """The numbers of the things that are erased."""
        return frozenset(int(number) for number in self.erased.split(",") if number)


@dataclass(frozen=True, kw_only=True)
class HeldOutPictures(AtStep):
    """Pictures that a run's captioner has not learned from, at which it looks after ``step`` training steps."""

    kind: ClassVar[str] = "pictures"

    pictures: int = integer(200, 1, 1000, "pictures")
