"""The queue: which runs wait, which are running, who holds them. Dask reports no queue position, so the order is kept here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from seqviz.errors import QueueFullError
from seqviz.lab.live import LiveRun
from seqviz.settings import Limits

Orders = tuple[str | None, int | None]  # the state to end in at once, the step to pause after


@dataclass(eq=False)
class Job:
    """One run under way: queued, or on a worker. ``holders`` are the persons who want it to continue."""

    live: LiveRun
    number: int
    holders: set[str]
    until: int | None = None  # pause after this training step
    end: str | None = None  # the state it was ordered to end in
    launched_until: int | None = None  # … as its worker was ordered at the start
    heard: Orders = (None, None)  # the orders that its worker is known to have
    key: str = ""  # names the computation
    joins: str = ""  # a computation that may still be going on elsewhere
    attempts: int = 0
    future: Any = None

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.live.experiment.run_id

    @property
    def launched(self) -> bool:
        """Whether a worker has it, or is about to."""
        return self.future is not None

    @property
    def orders(self) -> Orders:
        """What the training loop should know."""
        return self.end, self.until

    @property
    def goal(self) -> int:
        """The training step at which it rests or is done."""
        last = self.live.experiment.last_step
        return last if self.until is None else min(last, self.until)


class JobQueue:
    """All jobs of one server, by run id."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._jobs: dict[str, Job] = {}
        self._count = 0

    def __iter__(self) -> Iterator[Job]:
        return iter(list(self._jobs.values()))

    def find(self, run_id: str) -> Job | None:
        """Return the run's job, or None where it is neither queued nor running."""
        return self._jobs.get(run_id)

    def add(self, live: LiveRun, person: str, until: int | None) -> Job:
        """Queue a run for ``person``.

        Raises:
            QueueFullError: the server or the person has as many runs queued or running as they may.
        """
        self.check_room(person)
        self._count += 1
        job = Job(live=live, number=self._count, holders={person}, until=until)
        self._jobs[job.run_id] = job
        return job

    def hold(self, job: Job, person: str, until: int | None) -> None:
        """Let ``person`` want the job to go on, to ``until`` at least."""
        if person not in job.holders:
            self.check_room(person, new=False)
        job.holders.add(person)
        job.end = None
        job.until = None if job.until is None or until is None else max(job.until, until)

    def let_go(self, job: Job, person: str, end: str) -> None:
        """End ``person``'s hold; when it was the last one the job is to end in state ``end``."""
        job.holders.discard(person)
        if job.holders:
            return
        job.end = end
        if not job.launched:
            self.drop(job)

    def drop(self, job: Job) -> None:
        """Forget a job that has ended."""
        self._jobs.pop(job.run_id, None)

    def waiting(self) -> list[Job]:
        """Return the queued jobs in the order in which they will start: fewest runs of the same person first."""
        going: dict[str, int] = {}
        for job in self._jobs.values():
            for person in job.holders if job.launched else ():
                going[person] = going.get(person, 0) + 1
        queued = sorted((job for job in self._jobs.values() if not job.launched), key=lambda job: job.number)
        order: list[Job] = []
        while queued:
            first = min(queued, key=lambda job: (min((going.get(one, 0) for one in job.holders), default=0), job.number))
            for person in first.holders:
                going[person] = going.get(person, 0) + 1
            queued.remove(first)
            order.append(first)
        return order

    def check_room(self, person: str, *, new: bool = True) -> None:
        """Refuse one more run where the server or the person has its fill.

        Raises:
            QueueFullError: naming the limit and what there is already.
        """
        mine = sum(person in job.holders for job in self._jobs.values())
        most = self._limits.queued_runs_a_person
        if mine >= most:
            raise QueueFullError(
                f"one person may have {most} runs queued or running on this server, and you have {mine}; stop one first"
            )
        queued = sum(not job.launched for job in self._jobs.values())
        if new and queued >= self._limits.queued_runs:
            raise QueueFullError(
                f"at most {self._limits.queued_runs} runs may wait on this server, and {queued} do; try again later"
            )
