"""Writing a run: each commit is seen whole or not at all."""

import json
import platform
import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from seqviz.errors import DamagedRunError
from seqviz.experiment import Experiment
from seqviz.records import Metrics, Probes
from seqviz.store.arrays import Arrays, encode, encode_metrics, encode_probes
from seqviz.store.manifest import MANIFEST, Entry, Manifest, Status
from seqviz.store.runs import RUNS, RunFolders


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Everything a run has to show at one moment.

    ``snapshots`` are the weights kept since the last commit, by training step; ``vocabulary`` is a character model's
    characters in the order of their indices, and is kept with its weights; without ``checkpoint`` a run can be looked at,
    but not gone on from.
    """

    metrics: Metrics
    probes: Probes | None
    weights: Arrays
    checkpoint: Arrays | None
    snapshots: Mapping[int, Arrays] = field(default_factory=dict)
    vocabulary: str | None = None


class RunWriter:
    """The one writer of a run's folder.

    A commit writes new files under new names, then swaps the manifest, then removes the files that the new manifest no
    longer names. A crash at any moment leaves the last commit intact.
    """

    def __init__(self, folders: RunFolders, experiment: Experiment, ancestors: tuple[Experiment, ...] = ()) -> None:
        self._files = folders.files
        self._folder = f"{RUNS}/{experiment.run_id}"
        self._line = json.dumps([one.to_json() for one in (experiment, *ancestors)], indent=1).encode()
        self._kept: dict[str, Entry] = {}
        self._begin(folders, experiment.run_id)

    def commit(self, status: Status, progress: Progress) -> None:
        """Write everything in ``progress`` and then say so with ``status``.

        Raises:
            StoreError: the disk is full, writing is not allowed, or the disk failed; the last commit is intact.
        """
        there = self._files.sizes(self._folder)  # the folder may have been set aside, or thinned by hand, since the last commit
        self._kept = {role: entry for role, entry in self._kept.items() if entry.name in there}
        snapshots = {role: entry for role, entry in self._kept.items() if role.startswith("snapshot-")}
        entries = snapshots | self._write_all(status.steps_done, progress)
        manifest = Manifest(status=status, files=entries)
        self._files.write(f"{self._folder}/{MANIFEST}", manifest.encode())
        superseded = {entry.name for entry in self._kept.values()} - {entry.name for entry in entries.values()}
        self._kept = entries
        for name in superseded:
            self._files.remove(f"{self._folder}/{name}")

    def _begin(self, folders: RunFolders, run_id: str) -> None:
        """Take up the folder as the last commit left it: without what a crash left half done."""
        try:
            manifest = folders.manifest(run_id)
        except DamagedRunError:  # set aside by now, so this is a fresh start
            manifest = None
        sizes = self._files.sizes(self._folder)
        if manifest is None and sizes:
            folders.set_aside(run_id, f"it has no {MANIFEST}")
            return
        self._kept = dict(manifest.files) if manifest else {}
        for name in set(sizes) - {entry.name for entry in self._kept.values()} - {MANIFEST}:
            self._files.remove(f"{self._folder}/{name}")

    def _write_all(self, step: int, progress: Progress) -> dict[str, Entry]:
        notes = {} if progress.vocabulary is None else {"vocabulary": progress.vocabulary}
        contents = {"experiment": self._line, "metrics": encode_metrics(progress.metrics)}
        contents["weights"] = encode(progress.weights, notes)
        if progress.probes is not None:
            contents["probes"] = encode_probes(progress.probes)
        if progress.checkpoint is not None:
            contents["checkpoint"] = encode(progress.checkpoint)
        contents |= {f"snapshot-{at}": encode(weights, notes) for at, weights in progress.snapshots.items()}
        return {role: self._write(role, step, content) for role, content in contents.items()}

    def _write(self, role: str, step: int, content: bytes) -> Entry:
        kept = self._kept.get(role)
        if kept is not None and kept.holds(content):  # the experiment never changes
            return kept
        kind = "json" if role == "experiment" else "safetensors"
        entry = Entry.of(f"{role}-{step}-{secrets.token_hex(3)}.{kind}" if role != "experiment" else "experiment.json", content)
        self._files.write(f"{self._folder}/{entry.name}", content)
        return entry


def this_machine() -> str:
    """Return the machine that numbers come from, in words: system, processor and Python."""
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"


def these_versions() -> dict[str, str]:
    """Return the versions of what numbers depend on."""
    found = {"python": ".".join(map(str, sys.version_info[:3])), "numpy": np.__version__}
    for package, distribution in (("torch", "torch"), ("seqviz", "seqviz-lab")):
        try:
            found[package] = version(distribution)
        except PackageNotFoundError:  # run from a checkout that was never installed
            continue
    return found


def status_now(state: str, steps_done: int, seconds: float, message: str = "", token: str = "") -> Status:
    """Return a status written by this machine at this moment."""
    return Status(
        state=state,
        steps_done=steps_done,
        seconds=seconds,
        message=message,
        machine=this_machine(),
        versions=these_versions(),
        updated=time.time(),
        token=token,
    )
