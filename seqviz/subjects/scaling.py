"""What attention on random queries and keys, and on those of a trained Transformer, is asked for."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, integer
from seqviz.subjects.run import OfRun

WIDTHS = tuple(2**power for power in range(11))  # 1 to 1024
TOKENS = 256  # queries in all, whatever the number of keys: sequences of n tokens, at least two of them


@dataclass(frozen=True, kw_only=True)
class RandomAttention(Config):
    """Sequences whose tokens attend to one another; queries, keys and values have independent entries of mean 0 and variance 1.

    The numbers follow from the seed and the width, so that a width's are the same whatever it is drawn beside.
    """

    kind: ClassVar[str] = "attention"

    width: int = integer(256, 1, 1024, "width dₖ of a query and a key")
    keys: int = integer(32, 2, 128, "keys n that a query attends to")
    seed: int = integer(0, 0, 9999, "seed", note="draws the queries, keys and values")

    @property
    def sequences(self) -> int:
        """How many sequences are drawn."""
        return max(2, TOKENS // self.keys)


@dataclass(frozen=True, kw_only=True)
class TrainedAttention(OfRun):
    """Held-out sentences of ``words`` words as the encoder of a run's Transformer reads them; fewer where there are no more."""

    kind: ClassVar[str] = "trained attention"

    words: int = integer(10, 4, 12, "words of the sentences")
    sentences: int = integer(24, 1, 64, "sentences")
