"""A text that a published Transformer reads."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, text

MOST_CHARACTERS = 4000  # of a text for a published model; the number of tokens has its own limit
PATTERN, FORM = rf"(?s).{{0,{MOST_CHARACTERS}}}", f"at most {MOST_CHARACTERS:,} characters"


@dataclass(frozen=True, kw_only=True)
class ReadByPublished(Config):
    """A text as a published Transformer reads it, from a folder of this machine's in Hugging Face format."""

    kind: ClassVar[str] = "published heads"

    folder: str = text("", r"[^\x00]{0,400}", "folder", note="below the one where this server keeps published models")
    state: str = text("", "([0-9a-f]{16})?", "state of the folder", note="another as soon as one of its files is")
    target: str = text("", PATTERN, "what the decoder reads", form=FORM)
    text: str = text("", PATTERN, "text", form=FORM)
