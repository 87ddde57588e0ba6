"""The lab as pages see it: experiments in, pictures of runs and records out."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from seqviz.admission import admitted
from seqviz.errors import LimitError, MissingRunError, StoreError
from seqviz.experiment import Experiment
from seqviz.experiment.title import title_of
from seqviz.lab.connection import Connection
from seqviz.lab.endings import Endings
from seqviz.lab.keeper import Keeper
from seqviz.lab.live import LiveRun
from seqviz.lab.queue import Job, JobQueue
from seqviz.lab.shelf import Shelf
from seqviz.lab.tracer import Tracer
from seqviz.lab.view import FINAL, RunView, empty_view
from seqviz.questions import Question, Record, Subject
from seqviz.settings import Settings, settings
from seqviz.store import Handle, Store

ANYONE = "anyone"


class Lab:
    """One server's laboratory: the only object that pages need for runs and traces. Safe from many threads.

    Args:
        chosen: this server's settings; this process's where left out.
    """

    def __init__(self, chosen: Settings | None = None) -> None:
        chosen = chosen or settings()
        self.store = Store(chosen.store.url, chosen.store.pretrained, text_bytes=chosen.limits.text_bytes)
        self.settings = replace(chosen, store=replace(chosen.store, url=self.store.url))
        self._queue = JobQueue(chosen.limits)
        self._shelf = Shelf(self.store)
        self._seen: dict[str, float] = {}
        self._endings = Endings(self._queue, self.store, self._shelf)
        self._connection = Connection(self.settings)
        self._tracer = Tracer(self._connection, chosen.lab.trace_seconds)
        self._keeper = Keeper(self._queue, self.store, self._connection, self._endings.note, self._look_after)
        self._keeper.wake()

    def submit(
        self,
        experiment: Experiment,
        *,
        person: str = ANYONE,
        ancestors: Sequence[Experiment] = (),
        until: int | None = None,
        name: str | None = None,
    ) -> RunView:
        """Train an experiment, join its training, or find it done; return at once with what is known.

        A text called ``python`` becomes the exact name of this machine's standard library, so the view's experiment, and
        its id, may differ from the one given.

        Args:
            experiment: what to train; goes on from the last checkpoint where there is one.
            person: the person asking; their handle becomes active.
            ancestors: the experiments it goes on from (its parent, that one's parent, …), where the store may lack them.
            until: pause after this training step; to single-step, the view's ``steps_done`` + 1.
            name: what the person's new handle is called.

        Raises:
            LimitError: over what this server allows, or too many runs are queued.
            TextError: this server lacks the text, or it is shorter than one sequence.
            JobError: the parent is not known here.
            StoreError: nothing can be written.
        """
        line = admitted(experiment, ancestors, self.store, self.settings.limits)
        run_id = line[0].run_id
        known = self._shelf.look(run_id, heal=True)
        with self._endings.holding:
            with self._keeper.lock:
                self._see(person)
                if self._queue.find(run_id) is not None or _needs_work(known, until):
                    self._enqueue(line, known, person, until)
            try:
                self._take(person, line, name)
            except StoreError:
                self._let_go(run_id, person, "stopped")
                raise
        self._keeper.wake()
        return self.view(run_id, person)

    def view(self, run_id: str, person: str | None = None) -> RunView:
        """Return what is known of a run now; a damaged copy is set aside and never shown.

        Args:
            run_id: the run.
            person: their handle knows the experiment of a run that has not started.

        Raises:
            StoreError: there is no such run here.
        """
        with self._keeper.lock:
            job = self._queue.find(run_id)
            if job is not None:
                return self._job_view(job)
        known = self._shelf.look(run_id, heal=True)
        if known is not None:
            return known
        handle = None if person is None else self.store.handles.one(person, run_id)
        if handle is None:
            raise MissingRunError(run_id)
        state = handle.state if handle.state in ("paused", "stopped") else "interrupted"
        return self._shelf.marked(empty_view(handle.experiments, state))

    def attend(self, run_id: str, person: str) -> RunView:
        """Return the view for a person who is watching, and take an interrupted run up again if their handle is active.

        A page calls this at every tick: a person unseen for ``lab.idle_minutes`` releases their runs.

        Raises:
            StoreError: there is no such run here.
        """
        with self._endings.holding:
            handle = self.store.handles.one(person, run_id)
            with self._keeper.lock:
                self._see(person)
                job = self._queue.find(run_id)
                if job is not None and handle is not None and handle.state == "active":
                    job.holders.add(person)
        view = self.view(run_id, person)
        if handle is None or handle.state != "active" or view.state != "interrupted":
            return view
        try:
            return self.submit(view.experiment, person=person, ancestors=view.ancestors)
        except LimitError as error:
            return replace(view, message=str(error))

    def pause(self, run_id: str, person: str = ANYONE) -> None:
        """End the person's hold for now; the worker is freed unless another person holds the run."""
        with self._endings.holding:
            self.store.handles.set_state(person, run_id, "paused")
            self._let_go(run_id, person, "paused")

    def stop(self, run_id: str, person: str = ANYONE) -> None:
        """Cancel the run for the person; what it learned is kept, and other holds are untouched."""
        with self._endings.holding:
            self.store.handles.set_state(person, run_id, "stopped")
            self._let_go(run_id, person, "stopped")

    def resume(self, run_id: str, person: str = ANYONE, *, until: int | None = None) -> RunView:
        """Go on with a run that rests; raises as :meth:`submit` and :meth:`view` do."""
        view = self.view(run_id, person)
        return self.submit(view.experiment, person=person, ancestors=view.ancestors, until=until)

    def delete(self, run_id: str, person: str = ANYONE) -> None:
        """Take the run off the person's list, and let go of it; :meth:`undelete` brings it back."""
        with self._endings.holding:
            self.store.handles.delete(person, run_id)
            self._let_go(run_id, person, "stopped")

    def undelete(self, run_id: str, person: str = ANYONE) -> Handle:
        """Bring a run back to the person's list; what was running then is paused."""
        return self.store.handles.undelete(person, run_id)

    def rename(self, run_id: str, name: str, person: str = ANYONE) -> Handle:
        """Call the run ``name`` on the person's list."""
        return self.store.handles.rename(person, run_id, name)

    def runs(self, person: str = ANYONE) -> list[tuple[Handle, RunView]]:
        """Return the person's runs, newest first, as they are now; also after a restart."""
        return [(handle, self.view(handle.run_id, person)) for handle in self.store.handles.of(person)]

    def trace(self, question: Question[Subject, Record], subject: Subject) -> Record:
        """Return the record that answers ``question`` about ``subject``; errors come back as raised.

        Raises:
            SeqvizError: as raised by the trace.
            JobError: it took longer than ``lab.trace_seconds``, or its worker died.
        """
        return self._tracer.trace_many([(question, subject)])[0]

    def trace_many(self, asked: Sequence[tuple[Question[Subject, Record], Subject]]) -> list[Record]:
        """Return the record of each question about its subject, all in one round trip; raises as :meth:`trace` does."""
        return self._tracer.trace_many(asked)

    def hardware(self) -> dict[str, Any]:
        """Return what computes here: cores, memory (bytes), gpus, processor, system, python, torch; asked once."""
        return self._tracer.hardware()

    @property
    def client(self) -> Any:
        """The Dask client itself, for measurements on the workers."""
        return self._connection.client()

    def close(self) -> None:
        """Release the workers; local ones end, and running runs can be resumed later."""
        self._keeper.close()
        self._connection.close()

    def _enqueue(self, line: tuple[Experiment, ...], known: RunView | None, person: str, until: int | None) -> None:
        job = self._queue.find(line[0].run_id)
        if job is not None:
            self._queue.hold(job, person, until)
            return
        live = LiveRun(experiment=line[0], ancestors=line[1:], steps_done=line[0].first_step)
        if known is not None:
            live.begin_from(known)
        job = self._queue.add(live, person, until)
        job.joins = "" if known is None else known.token
        self._shelf.forget_failure(line[0].run_id)

    def _take(self, person: str, line: Sequence[Experiment], name: str | None) -> None:
        self.store.handles.take(person, line, name or title_of(line[0]))

    def _let_go(self, run_id: str, person: str, end: str) -> None:
        with self._keeper.lock:
            self._see(person)
            job = self._queue.find(run_id)
            if job is not None:
                self._queue.let_go(job, person, end)
        self._keeper.wake()

    def _job_view(self, job: Job) -> RunView:
        return self._shelf.marked(
            job.live.view(
                position=None if job.launched else self._queue.waiting().index(job),
                remaining=job.live.remaining(job.goal),
                watchers=len(job.holders),
            )
        )

    def _look_after(self) -> None:
        self._let_the_idle_go()
        self._endings.write()

    def _let_the_idle_go(self) -> None:
        patience = 60 * self.settings.lab.idle_minutes
        with self._keeper.lock:
            self._seen = {one: at for one, at in self._seen.items() if time.monotonic() - at <= patience}
            for job in self._queue if patience else ():
                for person in job.holders - self._seen.keys():
                    self._endings.rest(person, job.run_id, "paused")
                    self._queue.let_go(job, person, "paused")

    def _see(self, person: str) -> None:
        self._seen[person] = time.monotonic()


def _needs_work(known: RunView | None, until: int | None) -> bool:
    if known is None:
        return True
    return known.state not in FINAL and (until is None or known.steps_done < until)
