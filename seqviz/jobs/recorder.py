"""What a run records in training: reported to watchers, and committed to the store."""

import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from seqviz.jobs.events import MetricTable, pack_rows, table_of
from seqviz.records import Probes, StepRow
from seqviz.settings import StoreSettings
from seqviz.store import Progress, Run, RunWriter, kept_snapshots, moments, status_now
from seqviz.store.arrays import encode_probes, join_probes

REPORT_SECONDS = 0.25
COMMIT_SHARE = 30  # a commit may take 1/30 of the time between two

Report = Callable[[dict[str, Any]], None]


class Trained(Protocol):
    """The side of a trainer that is recorded."""

    steps_done: int

    def probe(self) -> Probes: ...
    def weights(self) -> dict[str, np.ndarray]: ...
    def checkpoint(self) -> dict[str, np.ndarray]: ...


class Recorder:
    """Keeps a run's rows, probes and snapshots, going on from ``run``, what is already recorded of it."""

    def __init__(self, trainer: Trained, writer: RunWriter, report: Report, run: Run | None, vocabulary: str | None) -> None:
        self._trainer, self._writer, self._report = trainer, writer, report
        self._vocabulary = vocabulary
        self._table = MetricTable() if run is None else table_of(run.metrics)
        self._probes = None if run is None else run.probes
        self._seconds_before = 0.0 if run is None else run.status.seconds
        self._reported = len(self._table)
        self._snapshots: dict[int, dict[str, np.ndarray]] = {}
        self._kept_steps = set(() if run is None else run.snapshot_steps)
        self._began = self._told = self._saved = time.monotonic()
        self._commit_seconds = 0.0
        self._checkpoint_seconds = 0
        self._token = ""
        self._moments: frozenset[int] = frozenset()
        self._snapshot_steps: frozenset[int] = frozenset()

    @property
    def seconds(self) -> float:
        """Time spent on this run, all its computations together."""
        return self._seconds_before + time.monotonic() - self._began

    def plan(self, first: int, last: int, keep: StoreSettings, token: str) -> None:
        """Decide the training steps at which to look closely, how often to commit, and under which name."""
        self._token = token
        self._checkpoint_seconds = keep.checkpoint_seconds
        steps = moments(first, last, keep.snapshots)
        weight_bytes = sum(array.nbytes for array in self._trainer.weights().values())
        self._moments = frozenset(steps)
        self._snapshot_steps = frozenset(kept_snapshots(steps, weight_bytes, keep.snapshot_bytes))

    def look(self) -> None:
        """Probe the network and keep its weights, if this is one of the moments to do so."""
        step = self._trainer.steps_done
        if step not in self._moments or (self._probes is not None and step <= self._probes.step[-1]):
            return
        probes = self._trainer.probe()
        self._probes = probes if self._probes is None else join_probes(self._probes, probes)
        if step in self._snapshot_steps:
            self._snapshots[step] = self._trainer.weights()
        self._report({"kind": "probes", "probes": encode_probes(probes)})

    def record(self, row: StepRow) -> None:
        """Keep one step's numbers; report and commit them when due."""
        self._table.append(row)
        now = time.monotonic()
        if now - self._told >= REPORT_SECONDS:
            self.tell()
        if now - self._saved >= max(self._checkpoint_seconds, COMMIT_SHARE * self._commit_seconds):
            self.commit("running")

    def tell(self) -> None:
        """Report the rows that have not been reported."""
        self._told = time.monotonic()
        if self._reported < len(self._table):
            self._report({"kind": "rows", "rows": pack_rows(self._table.rows(self._reported)), "seconds": self.seconds})
            self._reported = len(self._table)

    def commit(self, state: str, message: str = "") -> None:
        """Commit everything to the store as it is now.

        Raises:
            StoreError: it could not be written; the last commit is intact.
        """
        began = time.monotonic()
        progress = Progress(
            metrics=self._table.metrics(),
            probes=self._probes,
            weights=self._trainer.weights(),
            checkpoint=self._trainer.checkpoint(),
            snapshots=self._snapshots,
            vocabulary=self._vocabulary,
        )
        status = status_now(state, self._trainer.steps_done, self.seconds, message, self._token)
        self._writer.commit(status, progress)
        self._kept_steps |= self._snapshots.keys()
        self._snapshots = {}
        self._report({"kind": "saved", "steps_done": self._trainer.steps_done, "snapshots": sorted(self._kept_steps)})
        self._saved = time.monotonic()
        self._commit_seconds = self._saved - began
