"""A text that a Transformer reads, to show every head of its attention."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import integer, text
from seqviz.subjects.run import AtStep


@dataclass(frozen=True, kw_only=True)
class ReadByHeads(AtStep):
    """A text as a run's Transformer reads it after ``step`` training steps.

    A translator reads the sentence, and its decoder ``target`` (by default what it writes itself, the likeliest word each
    time). A language model reads the text. Of other tasks the held-out sequence that ``seed`` draws is read.
    """

    kind: ClassVar[str] = "heads"

    target: str = text("", r"(?s).{0,20000}", "what the decoder reads", note="words with blanks between")
    text: str = text("", r"(?s).{0,20000}", "text")
    seed: int = integer(0, 0, 2**31 - 1, "sequence", note="draws the sequence of a task that is not a text")
