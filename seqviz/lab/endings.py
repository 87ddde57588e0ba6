"""How runs ended: noted at once, written to handles and the store when nothing waits for it."""

import logging
import threading

from seqviz.errors import StoreError
from seqviz.lab.queue import Job, JobQueue
from seqviz.lab.shelf import Shelf
from seqviz.store import Store

log = logging.getLogger(__name__)


class Endings:
    """What is still to be written about runs that came to rest.

    A store may be slow, so :meth:`note` and :meth:`rest` only remember, under the keeper's lock, and :meth:`write` writes
    without it. Code that changes a hold and its handle together does so under :attr:`holding`, taken before the
    keeper's lock, so that nothing is written about a run that was taken up again.
    """

    def __init__(self, queue: JobQueue, store: Store, shelf: Shelf) -> None:
        self.holding = threading.Lock()
        self._queue, self._store, self._shelf = queue, store, shelf
        self._resting: list[tuple[str, str, str]] = []  # person, run and the state of their handle
        self._failed: list[tuple[str, str]] = []  # run and message

    def note(self, job: Job, state: str, message: str) -> None:
        """Remember the state that a job ended in: views show it from now on."""
        self._shelf.forget(job.run_id)
        if state == "failed":
            self._shelf.note_failure(job.run_id, message)
            self._failed.append((job.run_id, message))
        if state in ("paused", "failed"):  # neither may be taken up again without anyone's doing
            for person in job.holders:
                self.rest(person, job.run_id, "paused" if state == "paused" else "stopped")

    def rest(self, person: str, run_id: str, state: str) -> None:
        """Remember the state that a person's handle is to be put into."""
        self._resting.append((person, run_id, state))

    def write(self) -> None:
        """Write what was remembered, except for runs that have been resumed since."""
        failed, self._failed = self._failed, []
        resting, self._resting = self._resting, []
        for run_id, message in failed:
            self._mark_failed(run_id, message)
        for person, run_id, state in resting:
            self._rest_handle(person, run_id, state)

    def _mark_failed(self, run_id: str, message: str) -> None:
        try:
            with self.holding:
                if self._queue.find(run_id) is None:
                    self._store.mark(run_id, "failed", message)
                    self._shelf.forget(run_id)
        except StoreError as error:  # often the very reason why it failed
            log.warning("%s", error)

    def _rest_handle(self, person: str, run_id: str, state: str) -> None:
        try:
            with self.holding:
                job = self._queue.find(run_id)
                handle = self._store.handles.one(person, run_id)
                if handle is not None and handle.state == "active" and (job is None or person not in job.holders):
                    self._store.handles.set_state(person, run_id, state)
        except StoreError as error:  # the run itself rests all the same
            log.warning("%s", error)
