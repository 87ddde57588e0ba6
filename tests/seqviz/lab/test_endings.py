"""How a run ended is visible at once, and written only for runs that were not resumed."""

from dataclasses import replace

import pytest

from seqviz.errors import StoreError
from seqviz.experiment import Experiment, RecurrentConfig
from seqviz.experiment.task import AddingConfig
from seqviz.lab.endings import Endings
from seqviz.lab.live import LiveRun
from seqviz.lab.queue import JobQueue
from seqviz.lab.shelf import Shelf
from seqviz.lab.view import empty_view
from seqviz.settings import settings
from seqviz.store import Store

EXPERIMENT = Experiment(task=AddingConfig(), model=RecurrentConfig())
RUN = EXPERIMENT.run_id


@pytest.fixture
def store(tmp_path):
    made = Store(str(tmp_path))
    made.handles.take("ada", [EXPERIMENT], "a run")
    return made


@pytest.fixture
def queue():
    return JobQueue(settings().limits)


@pytest.fixture
def shelf(store):
    return Shelf(store)


@pytest.fixture
def endings(queue, store, shelf):
    return Endings(queue, store, shelf)


def ended(queue):
    job = queue.add(LiveRun(experiment=EXPERIMENT, ancestors=()), "ada", None)
    queue.drop(job)
    return job


@pytest.mark.parametrize(("state", "handle"), [("failed", "stopped"), ("paused", "paused"), ("done", "active")])
def test_the_handle_of_a_run_that_ended_rests_as_the_run_does(queue, store, endings, state, handle):
    endings.note(ended(queue), state, "why")
    assert store.handles.one("ada", RUN).state == "active"  # nothing is written under the lock
    endings.write()

    assert store.handles.one("ada", RUN).state == handle


def test_a_failure_is_seen_before_it_is_written(queue, endings, shelf):
    endings.note(ended(queue), "failed", "the worker died")
    seen = shelf.marked(empty_view((EXPERIMENT,), "interrupted"))

    assert (seen.state, seen.message) == ("failed", "the worker died")


def test_nothing_is_written_of_a_run_that_was_taken_up_again(queue, store, endings):
    endings.note(ended(queue), "failed", "the worker died")
    queue.add(LiveRun(experiment=EXPERIMENT, ancestors=()), "ada", None)
    endings.write()

    assert store.handles.one("ada", RUN).state == "active"


def test_a_handle_rests_where_only_others_took_the_run_up_again(queue, store, endings):
    endings.note(ended(queue), "paused", "")
    queue.add(LiveRun(experiment=EXPERIMENT, ancestors=()), "bob", None)
    endings.write()

    assert store.handles.one("ada", RUN).state == "paused"


def test_a_store_that_cannot_be_written_keeps_no_other_handle_from_resting(queue, store, endings, monkeypatch):
    other = replace(EXPERIMENT, seed=5)
    store.handles.take("ada", [other], "another run")
    written = store.handles.set_state

    def refuse_one(person, run_id, state):
        if run_id == RUN:
            raise StoreError("the disk is full")
        return written(person, run_id, state)

    monkeypatch.setattr(store.handles, "set_state", refuse_one)
    for run_id in (RUN, other.run_id):
        endings.rest("ada", run_id, "paused")
    endings.write()

    assert [store.handles.one("ada", run_id).state for run_id in (RUN, other.run_id)] == ["active", "paused"]
