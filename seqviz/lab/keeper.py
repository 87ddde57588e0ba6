"""The thread that keeps runs going: it launches what is queued, repeats orders until they are heard, and notes what ended."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from seqviz.errors import DamagedRunError, SeqvizError
from seqviz.jobs.events import TOPIC, Event
from seqviz.jobs.orders import give_orders
from seqviz.lab.connection import Connection
from seqviz.lab.queue import Job, JobQueue
from seqviz.lab.view import stored_view
from seqviz.lab.worker import TRAIN, train
from seqviz.store import Store

TICK_SECONDS = 0.1  # between two looks while an order is not heard yet
REST_SECONDS = 2.0
TRIES = 5  # failed turns in a row before waiting runs are marked as failed
RESTING = frozenset({"paused", "stopped"})
LOST = "lost"

log = logging.getLogger(__name__)

Ended = Callable[[Job, str, str], None]  # a job, the state it ended in, and why


class Keeper:
    """Works for a :class:`JobQueue`, which others change under :attr:`lock` and then call :meth:`wake`.

    ``ended`` is called under the lock when a run has come to rest, after it left the queue, and must not wait for the store;
    ``each_turn`` is called without it, every few seconds and soon after ``ended``.
    """

    def __init__(
        self, queue: JobQueue, store: Store, connection: Connection, ended: Ended, each_turn: Callable[[], None]
    ) -> None:
        self.lock = threading.RLock()
        self._changed = threading.Condition(self.lock)
        self._queue, self._store, self._connection = queue, store, connection
        self._ended, self._each_turn = ended, each_turn
        self._client: Any = None  # the client whose events we receive
        self._over: list[tuple[Job, Any]] = []
        self._woken = self._closed = False
        self._failed = 0  # turns in a row
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Look at the queue now; start the thread, also again after an unexpected error ended it."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()
            if not self._closed and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._keep, name="seqviz-keeper", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Stop working; runs that are computed are left to their workers."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(REST_SECONDS)

    def _keep(self) -> None:
        while not self._closed:
            self._turn()
            with self._changed:
                if self._failed:  # whatever wakes it would not mend what failed
                    self._changed.wait_for(lambda: self._closed, REST_SECONDS)
                elif not self._woken and not self._closed:
                    unheard = any(job.launched and job.heard != job.orders for job in self._queue)
                    self._changed.wait(TICK_SECONDS if unheard else REST_SECONDS)
                self._woken = False

    def _turn(self) -> None:
        try:
            self._connect()
            self._note_ends()
            self._launch()
            self._send_orders()
            self._fill_gaps()
            self._failed = 0
        except (SeqvizError, OSError, TimeoutError) as error:  # the workers or the store are out of reach
            log.warning("%s", error)
            self._failed += 1
            if self._failed >= TRIES:
                self._give_up(str(error))
        self._each_turn()

    def _connect(self) -> None:
        client = self._connection.client()
        if client is self._client:
            return
        client.subscribe_topic(TOPIC, self._hear)
        with self.lock:
            self._client = client
            for job in self._queue:  # the workers that had them are gone
                self._requeue(job)

    def _hear(self, timed: tuple[float, Event]) -> None:
        event = timed[1]
        with self.lock:
            job = self._queue.find(event["run"])
            if job is None or job.key != event["token"]:
                return
            job.live.apply(event)
            if event["kind"] == "started":  # a retry begins with the orders it was launched with
                job.heard = (None, job.launched_until)
            if job.live.refill or job.heard != job.orders:
                self.wake()

    def _launch(self) -> None:
        with self.lock:
            waiting = self._queue.waiting()
            running = sum(job.launched for job in self._queue)
        if not waiting:
            return
        places, resources = self._connection.places(TRAIN)
        with self.lock:
            for job in waiting[: max(0, places - running)]:
                if not job.launched and self._queue.find(job.run_id) is job:
                    self._submit(job, resources)

    def _submit(self, job: Job, resources: dict[str, int] | None) -> None:
        live = job.live
        written = [one.to_json() for one in (live.experiment, *live.ancestors)]
        # The key says where it begins: equal requests, from any server, join one computation.
        job.key = job.joins or f"train-{job.run_id}-{live.steps_done}-{job.attempts}"
        job.launched_until, job.heard = job.until, (None, job.until)
        job.future = self._client.submit(train, written, job.key, job.until, key=job.key, resources=resources, retries=2)
        job.future.add_done_callback(lambda future: self._note(job, future))

    def _note(self, job: Job, future: Any) -> None:
        with self.lock:
            self._over.append((job, future))
            self.wake()

    def _note_ends(self) -> None:
        while self._over and not self._closed:
            job, future = self._over[0]
            if future is not job.future:  # of workers that are gone
                self._over.pop(0)
                continue
            state, steps_done, message = outcome(future)
            with self.lock:
                self._over.pop(0)  # only now: where the outcome cannot be had at the moment, it is asked for again
                job.live.steps_done = job.live.steps_done if steps_done is None else steps_done
                goes_on = job.holders and (state == LOST or (state in RESTING and job.live.steps_done < job.goal))
                self._requeue(job)
                if not goes_on:
                    self._queue.drop(job)
                    self._ended(job, "paused" if state == LOST else state, message)
                self.wake()

    def _requeue(self, job: Job) -> None:
        if job.launched:
            job.future.release()
            job.future, job.live.state, job.live.worker = None, "queued", ""
            job.attempts += 1
            job.joins = ""

    def _send_orders(self) -> None:
        with self.lock:
            unheard = [(job, job.orders) for job in self._queue if job.launched and job.heard != job.orders]
        for job, (end, until) in unheard:
            # To all workers: the one that is known to have it may have died, and waiting for it would hold up everything.
            replies = self._client.run(give_orders, job.key, end, until, on_error="return")
            if any(reply is True for reply in replies.values()):
                job.heard = (end, until)

    def _fill_gaps(self) -> None:
        for job in self._queue:
            if job.live.refill:
                try:
                    run = self._store.open(job.run_id)
                except DamagedRunError as error:  # no reason to give up other runs; the gap stays, and is reported at the end
                    log.warning("%s", error)
                    job.live.refill = False
                    continue
                with self.lock:
                    if run is not None:
                        job.live.fill(stored_view(run))

    def _give_up(self, why: str) -> None:
        said = f"{TRIES} attempts in a row to start this run failed, the last one because {why}"
        self._failed = 0  # a new request gets as many
        with self.lock:
            for job in self._queue:
                if not job.launched:
                    self._queue.drop(job)
                    self._ended(job, "failed", said)


def outcome(future: Any) -> tuple[str, int | None, str]:
    """Return the state that a computation ended in, its steps done where they are known, and why it ended."""
    from distributed import KilledWorker

    if future.status == "error":
        error = future.exception()
        if isinstance(error, KilledWorker):
            return (
                "failed",
                None,
                "the workers that trained it died again and again; it may need more memory than one worker has",
            )
        return "failed", None, f"training failed: {error}"
    if future.status != "finished":
        return LOST, None, ""
    result = future.result()
    return result["state"], result["steps_done"], result["message"]
