"""``status.json``: what a run folder holds, and the checksum of every file of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from seqviz.errors import DamagedRunError, StoreError

MANIFEST = "status.json"
STORE_FORMAT = 1
STATES = ("running", "paused", "stopped", "done", "diverged", "failed")
FINAL = frozenset({"done", "diverged"})  # the same experiment would end the same way again


@dataclass(frozen=True, kw_only=True)
class Status:
    """The status of a run: ``state`` is one of STATES; ``seconds`` is the time spent training it, on ``machine``."""

    state: str
    steps_done: int
    seconds: float = 0.0
    message: str = ""
    machine: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    updated: float = 0.0  # seconds since 1970
    token: str = ""  # of the computation that wrote it; while it runs, requests for the run join it by this name


_KNOWN = {one.name for one in fields(Status)}  # extra notes of another version are no damage


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file of a run: its name in the folder, its size and its checksum."""

    name: str
    size: int  # in bytes
    sha256: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "Entry":
        """Return the entry of a file called ``name`` that holds ``content``."""
        return cls(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())

    def holds(self, content: bytes) -> bool:
        """Return whether ``content`` is what was written."""
        return len(content) == self.size and hashlib.sha256(content).hexdigest() == self.sha256


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A run's status and its files by role: experiment, metrics, probes, weights, checkpoint, snapshot-<step>."""

    status: Status
    files: Mapping[str, Entry]

    @property
    def snapshot_steps(self) -> tuple[int, ...]:
        """The training steps whose weights were kept for looking back, ascending."""
        return tuple(sorted(int(role.partition("-")[2]) for role in self.files if role.startswith("snapshot-")))

    def encode(self) -> bytes:
        """Return the manifest as JSON that carries its own checksum."""
        written: dict[str, Any] = {
            "format": STORE_FORMAT,
            "status": asdict(self.status),
            "files": {role: asdict(entry) for role, entry in self.files.items()},
        }
        return json.dumps(written | {"sha256": _checksum(written)}, indent=1).encode()

    @classmethod
    def decode(cls, content: bytes) -> "Manifest":
        """Return the manifest that :meth:`encode` wrote.

        Raises:
            DamagedRunError: it is no JSON, half of it is missing, or it was changed.
            StoreError: a newer seqviz wrote it.
        """
        try:
            written = json.loads(content)
            said = written.pop("sha256")
            if said != _checksum(written):
                raise DamagedRunError(f"{MANIFEST} does not match its checksum")
            if written["format"] > STORE_FORMAT:
                raise StoreError(f"a newer seqviz wrote this run (format {written['format']}, this one reads {STORE_FORMAT})")
            return cls(
                status=Status(**{name: written["status"][name] for name in _KNOWN & written["status"].keys()}),
                files={role: Entry(**entry) for role, entry in written["files"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedRunError(f"{MANIFEST} cannot be read") from error


def _checksum(written: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()
