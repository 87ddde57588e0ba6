"""How well a network answers sequences that it has not learned from."""

from dataclasses import dataclass

from seqviz.records.record import Record


@dataclass(frozen=True, kw_only=True, repr=False)
class Evaluation(Record):
    """How well a network does on ``sequences`` sequences that it has not learned from.

    ``exact`` is the share that it answers without a mistake, word after word on its own; None where it writes none.
    """

    loss: float
    metric: float
    sequences: int
    exact: float | None = None
