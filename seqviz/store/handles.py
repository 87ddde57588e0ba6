"""Handles: what one person calls a run, and whether they want it to continue. The run itself is shared."""

import json
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from seqviz.errors import ConfigError, StoreError
from seqviz.experiment import Experiment
from seqviz.registry import shown
from seqviz.store.files import Files
from seqviz.store.recent import Recent

HANDLES = "handles"
PERSON = re.compile(r"[A-Za-z0-9_-]{1,64}")
HANDLE_STATES = ("active", "paused", "stopped", "deleted")
NAME_CHARACTERS = 80
PERSONS = 500  # people whose handles are kept in memory; others' are read again


@dataclass(frozen=True, kw_only=True)
class Handle:
    """One person's hold on a run; ``before`` is the state that undoing a deletion brings back.

    ``line`` has the run's experiment and then its ancestors as JSON, so that a run which has not started is known too.
    """

    run_id: str
    name: str
    line: tuple[dict[str, Any], ...]
    state: str = "active"
    before: str = "active"
    created: float = 0.0  # seconds since 1970

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """The run's experiment, and then those it goes on from."""
        return tuple(Experiment.from_json(one) for one in self.line)


class Handles:
    """Everyone's handles, one file a person (a random id). Thread-safe."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._lock = threading.Lock()
        self._known: Recent[str, dict[str, Handle]] = Recent(PERSONS)

    def of(self, person: str, *, deleted: bool = False) -> list[Handle]:
        """Return the person's handles, newest first; deleted ones only where asked for."""
        with self._lock:
            mine = list(self._mine(person).values())
        return sorted((one for one in mine if deleted or one.state != "deleted"), key=lambda one: one.created, reverse=True)

    def one(self, person: str, run_id: str) -> Handle | None:
        """Return the person's handle on the run, or None where they never held it."""
        with self._lock:
            return self._mine(person).get(run_id)

    def take(self, person: str, experiments: Sequence[Experiment], name: str) -> Handle:
        """Return the person's active handle on a run; a new one is called ``name``.

        Args:
            person: the owner of the handle.
            experiments: the run's experiment, and then those it goes on from.
            name: what to call the run.
        """
        run_id = experiments[0].run_id
        with self._lock:
            old = self._mine(person).get(run_id)
            if old is not None:
                return old if old.state == "active" else self._put(person, replace(old, state="active"))
            line = tuple(one.to_json() for one in experiments)
            return self._put(person, Handle(run_id=run_id, name=_checked_name(name), line=line, created=time.time()))

    def rename(self, person: str, run_id: str, name: str) -> Handle:
        """Call the person's handle ``name``.

        Raises:
            ConfigError: the name is empty or too long.
            StoreError: the person has no such handle, or it cannot be written.
        """
        with self._lock:
            return self._put(person, replace(self._held(person, run_id), name=_checked_name(name)))

    def set_state(self, person: str, run_id: str, state: str) -> Handle:
        """Put the person's handle into one of HANDLE_STATES."""
        if state not in HANDLE_STATES:
            raise ConfigError(f"a handle's state must be one of {', '.join(HANDLE_STATES)}, got {shown(state)}")
        with self._lock:
            return self._put(person, replace(self._held(person, run_id), state=state))

    def delete(self, person: str, run_id: str) -> Handle:
        """Take the run off the person's list; :meth:`undelete` brings it back."""
        with self._lock:
            held = self._held(person, run_id)
            return held if held.state == "deleted" else self._put(person, replace(held, state="deleted", before=held.state))

    def undelete(self, person: str, run_id: str) -> Handle:
        """Bring a deleted handle back; what was active then comes back paused."""
        with self._lock:
            held = self._held(person, run_id)
            state = "paused" if held.before == "active" else held.before
            return held if held.state != "deleted" else self._put(person, replace(held, state=state))

    def _held(self, person: str, run_id: str) -> Handle:
        held = self._mine(person).get(run_id)
        if held is None:
            raise StoreError(f"there is no run {shown(run_id)} on your list")
        return held

    def _put(self, person: str, handle: Handle) -> Handle:
        path = f"{HANDLES}/{person}/{handle.run_id}.json"
        self._files.write(path, json.dumps(asdict(handle)).encode())
        self._mine(person)[handle.run_id] = handle
        return handle

    def _mine(self, person: str) -> dict[str, Handle]:
        mine = self._known.get(person)
        if mine is None:
            if not PERSON.fullmatch(person):
                raise ConfigError(f"a person must be a random id of letters and digits, got {shown(person)}")
            mine = self._load(f"{HANDLES}/{person}")
            self._known.put(person, mine)
        return mine

    def _load(self, folder: str) -> dict[str, Handle]:
        found = {}
        for name in self._files.sizes(folder):
            content = self._files.read(f"{folder}/{name}")
            if content is None or name.startswith("."):
                continue
            handle = _read(content)
            if handle is not None:
                found[handle.run_id] = handle
        return found


def _read(content: bytes) -> Handle | None:
    """Return the handle, or None where it is damaged: that loses a name, never a run."""
    try:
        written = json.loads(content)
        handle = Handle(**(written | {"line": tuple(written["line"])}))
        return handle if handle.experiments[0].run_id == handle.run_id else None
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_CHARACTERS:
        raise ConfigError(f"a run's name must have 1 to {NAME_CHARACTERS} characters, got {len(name)}")
    return name
