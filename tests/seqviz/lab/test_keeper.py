"""The keeper retries what fails for a moment, and tells waiting clients when it keeps failing."""

import threading

import pytest

from seqviz.errors import StoreError
from seqviz.experiment import Experiment, RecurrentConfig
from seqviz.experiment.task import AddingConfig
from seqviz.lab import keeper as module
from seqviz.lab.keeper import TRIES, Keeper
from seqviz.lab.live import LiveRun
from seqviz.lab.queue import JobQueue
from seqviz.settings import settings


class Future:
    """A computation that ends on command."""

    def __init__(self):
        self.status, self.out_of_reach, self.told = "pending", 0, []

    def add_done_callback(self, callback):
        self.told.append(callback)

    def end(self, status, out_of_reach=0):
        self.status, self.out_of_reach = status, out_of_reach
        for callback in self.told:
            callback(self)

    def result(self):
        if self.out_of_reach:
            self.out_of_reach -= 1
            raise TimeoutError("its workers do not answer")
        return {"state": "done", "steps_done": 500, "message": ""}

    def release(self):
        pass


class Workers:
    """A connection, and its client, that fails ``failures`` times before it works."""

    def __init__(self, failures):
        self.failures = self.left = failures

    def client(self):
        if self.left:
            self.left -= 1
            raise StoreError("reading runs/x in /data failed: Stale file handle")
        return self

    def places(self, purpose):
        return 1, None

    def subscribe_topic(self, topic, hear):
        pass

    def submit(self, *arguments, **more):
        return Future()

    def run(self, *arguments, **more):
        return {}


@pytest.fixture
def kept(monkeypatch):
    """Begins to keep a queue with one job, by workers that fail so many times; gives the job, the ends told, the keeper."""
    monkeypatch.setattr(module, "REST_SECONDS", 0.01)
    opened = []

    def begin(failures, each_turn=lambda: None):
        ended, queue = [], JobQueue(settings().limits)
        job = queue.add(LiveRun(experiment=Experiment(task=AddingConfig(), model=RecurrentConfig()), ancestors=()), "ada", None)
        workers = Workers(failures)
        opened.append(Keeper(queue, None, workers, lambda job, state, why: ended.append((job, state, why)), each_turn))
        opened[-1].wake()
        return job, ended, workers, opened[-1]

    yield begin
    for one in opened:
        one.close()


def test_who_waits_goes_on_waiting_while_it_may_pass(kept, until):
    job, ended, workers, _ = kept(TRIES - 1)
    until(lambda: job.launched)

    assert workers.left == 0
    assert ended == []


def test_what_does_not_pass_is_told_in_one_sentence_to_those_who_wait(kept, until):
    job, ended, _, _ = kept(TRIES)
    until(lambda: ended)

    assert [one[:2] for one in ended] == [(job, "failed")]
    assert ended[0][2] == (
        "5 attempts in a row to start this run failed, the last one because reading runs/x in /data failed: Stale file handle"
    )


def test_an_end_that_cannot_be_had_at_the_moment_is_noted_later(kept, until):
    job, ended, _, _ = kept(0)
    until(lambda: job.launched)
    job.future.end("finished", out_of_reach=2)
    until(lambda: ended)

    assert ended == [(job, "done", "")]


def test_waking_does_not_use_up_the_attempts(kept, until, monkeypatch):
    monkeypatch.setattr(module, "REST_SECONDS", 60)
    _, ended, workers, keeper = kept(TRIES)
    until(lambda: workers.left == TRIES - 1)
    for _ in range(100):
        keeper.wake()

    assert workers.left == TRIES - 1
    assert ended == []


def test_what_is_done_each_turn_holds_up_nobody_who_wants_the_lock(kept, until):
    begun, free = threading.Event(), threading.Event()

    def write_slowly():
        begun.set()
        free.wait()

    *_, keeper = kept(0, write_slowly)
    until(begun.is_set)
    taken = keeper.lock.acquire(timeout=60)
    free.set()
    assert taken
    keeper.lock.release()
