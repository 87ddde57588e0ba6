"""What a page sees of a run, finished or live: one immutable picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqviz.experiment import Experiment
from seqviz.records import Metrics, Probes
from seqviz.store import Run
from seqviz.store.manifest import FINAL as FINAL

STATES = ("queued", "running", "paused", "stopped", "interrupted", "done", "diverged", "failed")
LIVE = frozenset({"queued", "running"})


@dataclass(frozen=True, kw_only=True)
class RunView:
    """A run at one moment. ``metrics`` has a row for each step trained so far; its arrays are never changed afterwards.

    ``steps_done`` counts from ``experiment.first_step``, where a child run goes on from, to ``steps``, where the run ends.
    """

    id: str
    experiment: Experiment
    ancestors: tuple[Experiment, ...]
    state: str  # one of STATES
    steps_done: int
    steps: int
    metrics: Metrics
    probes: Probes | None
    snapshot_steps: tuple[int, ...]  # training steps whose weights have been saved so far
    seconds: float = 0.0  # spent training
    message: str = ""  # for the person: why it ended, or that a damaged copy was set aside
    position: int | None = None  # how many runs go first, while queued; None once a worker is about to begin
    remaining: float | None = None  # seconds still needed, where it can be known
    machine: str = ""  # where its numbers come from
    pretrained: bool = False
    watchers: int = 0  # persons whose handle holds it
    token: str = ""  # of the computation that an interrupted run was last in, which another server may still go on with

    @property
    def live(self) -> bool:
        """Whether more is to come without anyone's doing: a page ticks while this holds."""
        return self.state in LIVE


def stored_view(run: Run) -> RunView:
    """Return the view of a run at rest: one whose status is still "running" was interrupted."""
    state = "interrupted" if run.status.state == "running" else run.status.state
    return RunView(
        id=run.id,
        experiment=run.experiment,
        ancestors=run.ancestors,
        state=state,
        steps_done=run.status.steps_done,
        steps=run.experiment.last_step,
        metrics=run.metrics,
        probes=run.probes,
        snapshot_steps=run.snapshot_steps,
        seconds=run.status.seconds,
        message=run.status.message,
        machine=run.status.machine,
        pretrained=run.pretrained,
        token=run.status.token if state == "interrupted" else "",
    )


def empty_view(line: Sequence[Experiment], state: str, message: str = "") -> RunView:
    """Return the view of a run of which nothing is kept; ``line`` is its experiment and then its ancestors."""
    experiment, *ancestors = line
    return RunView(
        id=experiment.run_id,
        experiment=experiment,
        ancestors=tuple(ancestors),
        state=state,
        steps_done=experiment.first_step,
        steps=experiment.last_step,
        metrics=no_metrics(),
        probes=None,
        snapshot_steps=(),
        message=message,
    )


def no_metrics() -> Metrics:
    """Return the metrics of a run that has not trained a step."""
    number = np.zeros(0)
    step, clipped = np.zeros(0, np.int64), np.zeros(0, bool)
    return Metrics(step=step, loss=number, metric=number, gradient_norm=number, applied_norm=number, clipped=clipped)
