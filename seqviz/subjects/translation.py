"""A sentence that a run translates."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import integer, real, text
from seqviz.subjects.run import AtStep


@dataclass(frozen=True, kw_only=True)
class Sentence(AtStep):
    """A sentence that a run's encoder-decoder translates after ``step`` training steps, and what is forced on it.

    Temperature 0 takes the likeliest word each time; above 0 words are drawn, by probability^(1/temperature).
    """

    kind: ClassVar[str] = "sentence"

    given: str = text("", r"(?s).{0,2000}", "the translation begins with", note="words with blanks between")
    looks: str = text(
        "",
        r"(\d{1,3}:\d{1,3}(,\d{1,3}:\d{1,3}){0,99})?",
        "attention moved",
        note="word written:word looked at, both from 0",
        form="0:3,2:5 (word written:word looked at, from 0)",
    )
    text: str = text("", r"(?s).{0,20000}", "sentence")
    temperature: float = real(0.0, 0.0, 10.0, "temperature")
    seed: int = integer(0, 0, 2**31 - 1, "seed", note="draws the words where the temperature is above 0")
    width: int = integer(4, 1, 100, "beam width", note="of beam search alone")

    @property
    def moved(self) -> dict[int, int]:
        """Where all attention goes: position of the word written → position of the word looked at."""
        pairs = (pair.split(":") for pair in self.looks.split(",") if pair)
        return {int(written): int(place) for written, place in pairs}
