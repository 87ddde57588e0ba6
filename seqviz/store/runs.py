"""Reading runs: every byte is held to its checksum, and what does not match is set aside, never shown."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeVar

from seqviz.errors import ConfigError, DamagedRunError, StoreError, UnknownNameError
from seqviz.experiment import Experiment
from seqviz.records import Metrics, Probes
from seqviz.store.arrays import decode_metrics, decode_probes
from seqviz.store.files import Files
from seqviz.store.manifest import MANIFEST, Manifest, Status

RUNS = "runs"
DAMAGED = "damaged"
ATTEMPTS = 20  # a writer may commit while we read; it does so every few seconds

log = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run as its folder has it: its experiment, its status, and what it recorded."""

    id: str
    experiment: Experiment
    ancestors: tuple[Experiment, ...]  # the experiments it goes on from: its parent, that one's parent, …
    status: Status
    metrics: Metrics
    probes: Probes | None
    snapshot_steps: tuple[int, ...]  # training steps whose weights were kept for looking back
    pretrained: bool


class RunFolders:
    """The run folders below one root."""

    def __init__(self, files: Files, *, read_only: bool = False) -> None:
        self.files = files
        self.read_only = read_only

    def ids(self) -> list[str]:
        """Return the ids of all runs here."""
        return self.files.folders(RUNS)

    def manifest(self, run_id: str) -> Manifest | None:
        """Return the run's manifest, or None where there is none: such a folder was never finished writing.

        Raises:
            DamagedRunError: it does not match its checksum; the folder has been set aside.
        """
        return self._checked(run_id, lambda manifest: manifest)

    def open(self, run_id: str) -> Run | None:
        """Return the run, or None where there is none.

        Raises:
            DamagedRunError: a file is missing, cut short or changed; the folder has been set aside.
        """
        return self._checked(run_id, lambda manifest: self._run(run_id, manifest))

    def content(self, run_id: str, role: str) -> bytes | None:
        """Return the file that plays ``role`` in the run, or None where there is none.

        Raises:
            DamagedRunError: the file does not match its checksum; the folder has been set aside.
        """
        return self._checked(run_id, lambda manifest: self._file(run_id, manifest, role) if role in manifest.files else None)

    def mark(self, run_id: str, state: str, message: str) -> None:
        """Change the state and the message in the run's manifest, if there is one."""
        manifest = self.manifest(run_id)
        if manifest is not None:
            marked = replace(manifest, status=replace(manifest.status, state=state, message=message))
            self.files.write(f"{RUNS}/{run_id}/{MANIFEST}", marked.encode())

    def set_aside(self, run_id: str, why: str) -> DamagedRunError:
        """Move the run's folder aside, unless another process has just done so, and return the error to raise."""
        if self.read_only:
            return DamagedRunError(f"the saved run {run_id} in {self.files.url} is damaged ({why}), so it is not used")
        place = self._moved_aside(run_id)
        where = "" if place is None else f" as {DAMAGED}/{place}"
        message = f"the saved run {run_id} is damaged ({why}); it was set aside{where} and will be trained again"
        log.warning(message)
        return DamagedRunError(message)

    def _moved_aside(self, run_id: str) -> str | None:
        for n in count(1):
            if self.files.move(f"{RUNS}/{run_id}", f"{DAMAGED}/{run_id}-{n}"):
                return f"{run_id}-{n}"
            if run_id not in self.files.folders(RUNS):
                break
        return None

    def _checked(self, run_id: str, read: Callable[[Manifest], Result]) -> Result | None:
        for _ in range(ATTEMPTS):
            content = self.files.read(f"{RUNS}/{run_id}/{MANIFEST}")
            if content is None:
                return None
            try:
                return read(Manifest.decode(content))
            except DamagedRunError as error:
                if self.files.read(f"{RUNS}/{run_id}/{MANIFEST}") == content:  # else a writer was faster: read again
                    raise self.set_aside(run_id, str(error)) from error
        raise StoreError(f"the run {run_id} in {self.files.url} changes faster than it can be read")

    def _run(self, run_id: str, manifest: Manifest) -> Run:
        self._all_there(run_id, manifest)
        experiment = self._experiment(run_id, self._file(run_id, manifest, "experiment"))
        metrics = self._file(run_id, manifest, "metrics")
        probes = self._file(run_id, manifest, "probes") if "probes" in manifest.files else None
        return Run(
            id=run_id,
            experiment=experiment[0],
            ancestors=experiment[1:],
            status=manifest.status,
            metrics=decode_metrics(metrics),
            probes=None if probes is None else decode_probes(probes),
            snapshot_steps=manifest.snapshot_steps,
            pretrained=self.read_only,
        )

    def _all_there(self, run_id: str, manifest: Manifest) -> None:
        sizes = self.files.sizes(f"{RUNS}/{run_id}")
        for entry in manifest.files.values():
            if entry.name not in sizes:
                raise DamagedRunError(f"{entry.name} is missing")
            if sizes[entry.name] != entry.size:
                raise DamagedRunError(f"{entry.name} has {sizes[entry.name]} of {entry.size} bytes")

    def _file(self, run_id: str, manifest: Manifest, role: str) -> bytes:
        entry = manifest.files.get(role)
        if entry is None:
            raise DamagedRunError(f"its {role} file was never written")
        content = self.files.read(f"{RUNS}/{run_id}/{entry.name}")
        if content is None:
            raise DamagedRunError(f"{entry.name} is missing")
        if not entry.holds(content):
            raise DamagedRunError(f"{entry.name} does not match its checksum")
        return content

    def _experiment(self, run_id: str, content: bytes) -> tuple[Experiment, ...]:
        try:
            line = tuple(Experiment.from_json(one) for one in json.loads(content))
        except (ValueError, ConfigError, UnknownNameError) as error:
            raise DamagedRunError(f"its experiment cannot be read: {error}") from error
        if not line or line[0].run_id != run_id:
            raise DamagedRunError("its experiment is another run's")
        return line
