"""A run while it is computed, as the web process has heard of it."""

from collections import deque
from dataclasses import dataclass, field

from seqviz.experiment import Experiment
from seqviz.jobs.events import Event, MetricTable, table_of, unpack_rows
from seqviz.lab.view import RunView
from seqviz.records import Probes
from seqviz.store.arrays import cut_probes, decode_probes, join_probes

PACES = 20  # reports from which the speed is computed


@dataclass(eq=False)
class LiveRun:
    """What is known of one computation of a run; events are applied in the order they were sent."""

    experiment: Experiment
    ancestors: tuple[Experiment, ...]
    state: str = "queued"
    steps_done: int = 0
    seconds: float = 0.0
    message: str = ""
    machine: str = ""
    worker: str = ""
    pid: int = 0  # of the worker
    gap: bool = False  # rows are missing that the store will have after the next commit
    refill: bool = False  # … and that commit has been made
    snapshot_steps: tuple[int, ...] = ()
    table: MetricTable = field(default_factory=MetricTable)
    probes: Probes | None = None
    paces: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=PACES))

    def begin_from(self, known: RunView) -> None:
        """Show what the store has of the run."""
        self.table, self.probes = table_of(known.metrics), known.probes
        self.steps_done, self.seconds = known.steps_done, known.seconds
        self.snapshot_steps, self.machine = known.snapshot_steps, known.machine

    def fill(self, known: RunView) -> None:
        """Close the gap with what the store has by now."""
        told = self.table.rows()
        self.begin_from(known)
        self.table.extend(told[told[:, 0] > known.steps_done])
        self.steps_done = self.table.last_step or self.steps_done
        self.gap = self.refill = False

    def apply(self, event: Event) -> None:
        """Add what the worker reported."""
        getattr(self, f"_{event['kind']}")(event)

    def view(self, **more: object) -> RunView:
        """Return a picture of the run as it is known now."""
        known = {
            "id": self.experiment.run_id,
            "experiment": self.experiment,
            "ancestors": self.ancestors,
            "state": self.state,
            "steps_done": self.steps_done,
            "steps": self.experiment.last_step,
            "metrics": self.table.metrics(),
            "probes": self.probes,
            "snapshot_steps": self.snapshot_steps,
            "seconds": self.seconds,
            "message": self.message,
            "machine": self.machine,
        }
        return RunView(**(known | more))  # type: ignore[arg-type]

    def remaining(self, end: int) -> float | None:
        """Return the seconds until ``end`` at the recent pace, or None before there is one."""
        if len(self.paces) < 2:
            return None
        (began, first), (now, last) = self.paces[0], self.paces[-1]
        return (end - self.steps_done) * (now - began) / (last - first) if last > first else None

    def _started(self, event: Event) -> None:
        self.state, self.worker, self.pid = "running", event["worker"], event["pid"]
        self.gap = self.gap or event["steps_done"] > self._known_to
        self.steps_done, self.seconds = event["steps_done"], event["seconds"]
        self.table.cut(event["steps_done"] + 1)
        if self.probes is not None:
            self.probes = cut_probes(self.probes, event["steps_done"] + 1)
        self.paces.clear()
        self.paces.append((self.seconds, self.steps_done))

    def _rows(self, event: Event) -> None:
        rows = unpack_rows(event["rows"])
        self.gap = self.gap or int(rows[0, 0]) > self._known_to + 1
        self.table.extend(rows)
        self.steps_done, self.seconds = int(rows[-1, 0]), event["seconds"]
        self.paces.append((self.seconds, self.steps_done))

    def _probes(self, event: Event) -> None:
        probes = decode_probes(event["probes"])
        before = None if self.probes is None else cut_probes(self.probes, int(probes.step[0]))
        self.probes = probes if before is None or not len(before.step) else join_probes(before, probes)

    def _saved(self, event: Event) -> None:
        self.snapshot_steps = tuple(event["snapshots"])
        self.refill = self.gap

    @property
    def _known_to(self) -> int:
        last = self.table.last_step
        return self.experiment.first_step if last is None else last
