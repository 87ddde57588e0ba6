"""One run shipped with the app."""

from dataclasses import dataclass

from seqviz.experiment import Experiment


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One shipped run: what to train, and how much of it to keep."""

    experiment: Experiment
    finding: str
    snapshot_bytes: int
    keeps_checkpoint: bool  # without, going on from the run trains it again first
    ancestors: tuple[Experiment, ...] = ()  # the runs that it goes on from, its parent first; they are trained first
