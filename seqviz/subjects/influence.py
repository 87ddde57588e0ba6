"""What the traces of the past's influence on the future look at. No torch here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, choice, flag, integer, real, text
from seqviz.subjects.recurrent import UntrainedNetwork

RUN = "[0-9a-f]{20}"
NOWHERE = "0" * 20
DEPENDENCIES: Mapping[str, str] = {
    "return": "a word that comes back",
    "country": "a country and its language",
    "subject": "a subject and its verb",
}
SIZES = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)  # of a nudge


@dataclass(frozen=True, kw_only=True)
class NudgedNetwork(UntrainedNetwork):
    """A network reading one sequence, whose input at one step is nudged along a random direction of length 1.

    With a ``run``, it is that run's network, and the sequence is one of its task's held-out ones.
    """

    kind: ClassVar[str] = "nudge"

    run: str = text("", f"|{RUN}", "run")
    size: float = real(0.1, 1e-6, 1e3, "size of the nudge ε", note="beside those of SIZES, which are all computed")
    nudged: int = integer(5, 0, 999, "nudge the input at t")


@dataclass(frozen=True, kw_only=True)
class DistantInputs(Config):
    """Held-out sequences that a run's network reads, and what its answer at the last step owes to each input before.

    Without ``trained`` it has the weights that its seed draws.
    """

    kind: ClassVar[str] = "influence"

    run: str = text(NOWHERE, RUN, "run")
    trained: bool = flag(True, "trained")
    sequences: int = integer(16, 1, 64, "sequences")


@dataclass(frozen=True, kw_only=True)
class ReadSentence(Config):
    """The beginning of a sentence that a run's word language model reads, and the word ``asked`` for as the next one.

    Where none is asked for, it is the one that the network finds the likeliest.
    """

    kind: ClassVar[str] = "sentence"

    run: str = text(NOWHERE, RUN, "run")
    asked: str = text("", r"(?s).{0,80}", "next word", note="nothing: whatever each network finds the likeliest")
    text: str = text("", r"(?s).{0,20000}", "sentence")


@dataclass(frozen=True, kw_only=True)
class DistantWords(Config):
    """Held-out sentences of one kind, with each number of fillers up to ``fillers``, for a run's word language model."""

    kind: ClassVar[str] = "distances"

    run: str = text(NOWHERE, RUN, "run")
    dependency: str = choice("country", DEPENDENCIES, "kind of dependency")
    sentences: int = integer(60, 1, 500, "sentences", note="with each number of fillers")
    fillers: int = integer(9, 0, 20, "fillers", note="at most")
