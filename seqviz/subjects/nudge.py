"""A recurrent network, one of whose inputs is nudged."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import integer, real, text
from seqviz.subjects.recurrent import UntrainedNetwork

SIZES = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)  # of a nudge


@dataclass(frozen=True, kw_only=True)
class NudgedNetwork(UntrainedNetwork):
    """A network reading one sequence, whose input at one step is nudged along a random direction of length 1.

    With a ``run``, it is that run's network, and the sequence is one of its task's held-out ones.
    """

    kind: ClassVar[str] = "nudge"

    run: str = text("", "|[0-9a-f]{20}", "run")
    size: float = real(0.1, 1e-6, 1e3, "size of the nudge ε", note="beside those of SIZES, which are all computed")
    nudged: int = integer(5, 0, 999, "nudge the input at t")
