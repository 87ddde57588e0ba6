"""What crosses the boundary between two sequences; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from seqviz.records.record import Record

Array = np.ndarray

PADDING = -1  # the segment of the steps after a sequence's end


class Leak(NamedTuple):
    """One output that depends on an input of another sequence."""

    sequence: int  # of the batch, that of the output
    time: int
    from_sequence: int
    from_time: int | None  # None where the input is another sequence of the batch, at whichever step


@dataclass(frozen=True, kw_only=True, repr=False)
class Leaks(Record):
    """How strongly the output at each step depends on the input at each step, and where one sequence ends and another begins.

    ``influence`` is exactly 0 where there is no way from an input to an output. By ``mode``, it is the norm of a gradient, or
    the largest change in any unit of the output when the input is replaced. A record is true where something leaks.
    """

    influence: Float[Array, "batch out_time in_time"]
    between: Float[Array, "out_sequence in_sequence"]  # of whole sequences of the batch on one another
    segments: Int[Array, "batch time"]  # the sequence, counted from 0, to which a step belongs; PADDING after the end
    mode: str  # "gradient" or "state"

    def __bool__(self) -> bool:
        return self.first is not None

    @property
    def crossings(self) -> Bool[Array, "batch out_time in_time"]:
        """Where an output depends on an input of another segment; what is computed from padding alone is no leak."""
        out, read = self.segments[:, :, None], self.segments[:, None, :]
        found: np.ndarray = (self.influence != 0) & (out != read) & (out != PADDING)
        return found

    @property
    def mixed(self) -> Bool[Array, "out_sequence in_sequence"]:
        """Where a sequence of the batch depends on another one."""
        found: np.ndarray = (self.between != 0) & ~np.eye(len(self.between), dtype=bool)
        return found

    @property
    def first(self) -> Leak | None:
        """The leak at the earliest output, from the nearest input; where there is none, one between sequences of the batch."""
        crossings = np.argwhere(self.crossings)
        if len(crossings):
            sequence, time, from_time = min(crossings.tolist(), key=lambda at: (at[1], abs(at[1] - at[2]), at[0]))
            return Leak(sequence, time, sequence, from_time)
        for sequence, other in np.argwhere(self.mixed).tolist():
            return Leak(sequence, 0, other, None)
        return None

    @property
    def sentence(self) -> str:
        """What leaks, in words: the first leak, and how many there are."""
        leak, what = self.first, "gradient" if self.mode == "gradient" else "state"
        if leak is None:
            return f"No {what} crosses a boundary."
        if leak.from_time is None:
            pairs = int(self.mixed.sum())
            more = f" ({pairs} such pairs of sequences)" if pairs > 1 else ""
            return f"Leak: sequence {leak.sequence} of the batch depends on sequence {leak.from_sequence}{more}."
        pairs = int(self.crossings.sum())
        return f"Leak: {self._crossing(leak, leak.from_time)}{f'; {pairs} such pairs of steps' if pairs > 1 else ''}."

    def _crossing(self, leak: Leak, from_time: int) -> str:
        own = self.segments[leak.sequence]
        of = f" of sequence {leak.sequence}" if len(self.segments) > 1 else ""
        reads = f"the output at step {leak.time}{of} depends on the input at step {from_time}"
        if own[from_time] == PADDING:
            return f"{reads}, which is padding"
        later = max(leak.time, from_time)
        begins = int(np.flatnonzero(own == own[later])[0])
        return f"{reads}, across the boundary at step {begins}"
