"""What questions about the influence of the past are asked of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import choice, flag, integer, text
from seqviz.subjects.run import OfRun

DEPENDENCIES: Mapping[str, str] = {
    "return": "a word that comes back",
    "country": "a country and its language",
    "subject": "a subject and its verb",
}


@dataclass(frozen=True, kw_only=True)
class DistantInputs(OfRun):
    """Held-out sequences that a run's network reads, and what its answer at the last step owes to each input before.

    Without ``trained`` it has the weights that its seed draws.
    """

    kind: ClassVar[str] = "influence"

    trained: bool = flag(True, "trained")
    sequences: int = integer(16, 1, 64, "sequences")


@dataclass(frozen=True, kw_only=True)
class ReadSentence(OfRun):
    """The beginning of a sentence that a run's word language model reads, and the word ``asked`` for as the next one.

    Where none is asked for, it is the one that the network finds the likeliest.
    """

    kind: ClassVar[str] = "sentence"

    asked: str = text("", r"(?s).{0,80}", "next word", note="nothing: whatever each network finds the likeliest")
    text: str = text("", r"(?s).{0,20000}", "sentence")


@dataclass(frozen=True, kw_only=True)
class DistantWords(OfRun):
    """Held-out sentences of one kind, with each number of fillers up to ``fillers``, for a run's word language model."""

    kind: ClassVar[str] = "distances"

    dependency: str = choice("country", DEPENDENCIES, "kind of dependency")
    sentences: int = integer(60, 1, 500, "sentences", note="with each number of fillers")
    fillers: int = integer(9, 0, 20, "fillers", note="at most")
