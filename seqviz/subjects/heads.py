"""A text that a Transformer reads while every head of its attention is looked at."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, integer, text
from seqviz.subjects.run import AtStep

MOST_CHARACTERS = 4000  # of a text for a published model; how many tokens that may be is a limit of its own
PATTERN, FORM = rf"(?s).{{0,{MOST_CHARACTERS}}}", f"at most {MOST_CHARACTERS:,} characters"


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


@dataclass(frozen=True, kw_only=True)
class ReadByPublished(Config):
    """A text as a published Transformer reads it, from a folder of this machine's in Hugging Face format."""

    kind: ClassVar[str] = "published heads"

    folder: str = text("", r"[^\x00]{0,400}", "folder", note="below the one where this server keeps published models")
    state: str = text("", "([0-9a-f]{16})?", "state of the folder", note="another as soon as one of its files is")
    target: str = text("", PATTERN, "what the decoder reads", form=FORM)
    text: str = text("", PATTERN, "text", form=FORM)
