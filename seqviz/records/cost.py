"""What training a network cost."""

from dataclasses import dataclass

from seqviz.records.record import Record

Span = tuple[float, float]  # from the least to the most that is said of it; twice the same where one number is said

SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True, kw_only=True, repr=False)
class TrainingCost(Record):
    """What one training cost, as far as it is known: days of one device, and floating-point operations."""

    name: str
    device: str  # "GPU" | "TPU" | "worker", one of this app's
    days: Span | None
    operations: Span | None
    about: bool = False  # whether its source gives the days as a rough number
    told: str = ""  # where its numbers come from, a few words
