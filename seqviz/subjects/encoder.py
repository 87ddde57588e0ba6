"""What a run's encoder reads, and hands on to the decoder."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import choice, flag, integer
from seqviz.subjects.recurrent import DIRECTIONS
from seqviz.subjects.run import OfRun


@dataclass(frozen=True, kw_only=True)
class EncoderGradients(OfRun):
    """Held-out sentences of one length, whose losses' gradients are carried back to a run's encoder.

    ``sentences`` of them, from the one numbered ``first`` on; fewer where there are no more.
    """

    kind: ClassVar[str] = "encoder gradient"

    trained: bool = flag(True, "trained", note="else with the weights that its seed draws")
    length: int = integer(12, 2, 25, "words of the source sentences")
    sentences: int = integer(20, 1, 64, "sentences", note="each has norms of its own")
    first: int = integer(0, 0, 199, "first sentence")
    direction: str = choice("forward", DIRECTIONS, "direction", note="in which the encoder's states were read")


@dataclass(frozen=True, kw_only=True)
class EncodedSentences(OfRun):
    """Held-out sentences as a run's decoder first meets them: the state that the encoder hands on."""

    kind: ClassVar[str] = "encoded sentences"

    sentences: int = integer(300, 3, 2000, "held-out sentences")
    longest: int = integer(12, 2, 25, "longest sentence", note="in words")
