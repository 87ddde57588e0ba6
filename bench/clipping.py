"""What the page on clipping promises: a sweep whose runs share the workers."""

from collections.abc import Iterator

from bench.lab import two_workers_against_one
from bench.line import Line
from seqviz.experiment import Experiment
from seqviz.experiment.clipping import CLIPPING, temporal_order

LENGTHS, STEPS = (20, 30, 40, 50), 500  # eight runs: as many as one person may hand in at once


def lines() -> Iterator[Line]:
    """Give the lines of this wing."""
    yield Line(
        name="clipping.sweep",
        title="two one-thread workers against one on eight runs of the temporal-order sweep",
        unit="×",
        better="higher",
        target=1.7,
        measure=lambda: two_workers_against_one(sweep_runs),
    )


def sweep_runs(turn: int) -> list[Experiment]:
    """Return the sweep's runs of one seed, shortened; others at every turn."""
    return [temporal_order(length, clip, turn, steps=STEPS) for length in LENGTHS for clip in CLIPPING]
