"""How fast a run trains."""

from dataclasses import dataclass

from seqviz.records.record import Record


@dataclass(frozen=True, kw_only=True, repr=False)
class Pace(Record):
    """What a few training steps took on a worker."""

    steps: int  # timed, after a first one that is not counted
    seconds_a_step: float  # their mean; batches differ in length
    seconds_to_begin: float  # until the first step: the data made, the network built
