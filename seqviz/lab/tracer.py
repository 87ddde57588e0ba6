"""Traces on request: computed on dedicated workers, once for equal requests, within a time limit."""

import hashlib
import json
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from seqviz.errors import JobError, SeqvizError
from seqviz.lab.connection import Connection
from seqviz.lab.worker import TRACE, describe, trace
from seqviz.questions import QUESTIONS, Question, Record, Subject
from seqviz.registry import look_up


class Tracer:
    """Sends traces to the workers that do nothing else. Safe from many threads."""

    def __init__(self, connection: Connection, seconds: int) -> None:
        self._connection = connection
        self._seconds = seconds
        self._lock = threading.Lock()
        self._hardware: dict[str, Any] | None = None

    def trace_many(self, asked: Sequence[tuple[Question[Subject, Record], Subject]]) -> list[Record]:
        """Return the record that answers each question about its subject, all of them in one round trip.

        Raises:
            SeqvizError: as raised by the trace.
            JobError: the trace took too long, or its worker died.
        """
        for question, _ in asked:
            look_up(QUESTIONS, question.name, "question")
        client = self._connection.client()
        _, resources = self._connection.places(TRACE)
        futures = [
            client.submit(
                trace, question.name, subject, key=f"trace-{_key(question.name, subject)}", resources=resources, retries=1
            )
            for question, subject in asked
        ]
        return self._results(client, futures)

    def hardware(self) -> dict[str, Any]:
        """Return what computes here; asked once."""
        with self._lock:
            if self._hardware is None:
                client = self._connection.client()
                _, resources = self._connection.places(TRACE)
                self._hardware = self._results(client, [client.submit(describe, resources=resources)])[0]
            return self._hardware

    def _results(self, client: Any, futures: list[Any]) -> list[Any]:
        deadline = time.monotonic() + self._seconds
        try:
            errors = [future.exception(timeout=max(0.0, deadline - time.monotonic())) for future in futures]
        except TimeoutError:
            self._free_workers(client, futures)
            message = f"this took longer than the {self._seconds} seconds that a trace may take here; ask for a smaller one"
            raise JobError(message) from None
        for future, error in zip(futures, errors, strict=True):
            if isinstance(error, SeqvizError):
                raise error
            if error is not None or future.status != "finished":
                raise JobError(f"the trace failed: {error or 'its worker was lost'}")
        return list(client.gather(futures))

    def _free_workers(self, client: Any, futures: list[Any]) -> None:
        """Restart workers whose result is no longer wanted: Dask cannot interrupt them."""
        stuck = [address for address, keys in client.processing().items() if {future.key for future in futures} & set(keys)]
        for future in futures:
            future.release()  # other waiters for the same trace keep theirs
        if stuck:
            threading.Thread(target=_restart, args=(client, stuck), daemon=True).start()


def _restart(client: Any, stuck: list[str]) -> None:
    with suppress(OSError):  # the connection has been closed: its workers are gone anyway
        client.restart_workers(stuck, raise_for_error=False)


def _key(name: str, subject: Any) -> str:
    written = json.dumps([name, type(subject).__name__, asdict(subject)], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:24]
