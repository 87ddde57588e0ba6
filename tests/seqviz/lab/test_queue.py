"""The queue is fair and bounded, and no one can take another person's place or handle."""

from dataclasses import replace

import pytest

from seqviz.errors import QueueFullError
from seqviz.experiment import Experiment, RecurrentConfig
from seqviz.experiment.task import AddingConfig
from seqviz.lab.live import LiveRun
from seqviz.lab.queue import JobQueue
from seqviz.settings import settings


@pytest.fixture
def queue():
    return JobQueue(replace(settings().limits, queued_runs=6, queued_runs_a_person=4))


def live(seed: int) -> LiveRun:
    return LiveRun(experiment=Experiment(task=AddingConfig(), model=RecurrentConfig(), seed=seed), ancestors=())


def seeds(jobs):
    return [job.live.experiment.seed for job in jobs]


def test_runs_of_one_person_start_in_the_order_they_were_asked_for(queue):
    for seed in (3, 1, 2):
        queue.add(live(seed), "ada", None)

    assert seeds(queue.waiting()) == [3, 1, 2]


def test_nobody_waits_behind_all_of_another_persons_runs(queue):
    for seed in (1, 2, 3):
        queue.add(live(seed), "greedy", None)
    queue.add(live(10), "modest", None)

    assert seeds(queue.waiting()) == [1, 10, 2, 3]
    queue.waiting()[0].future = object()
    assert seeds(queue.waiting()) == [10, 2, 3]


def test_the_server_and_each_person_have_their_fill(queue):
    for seed in range(4):
        queue.add(live(seed), "ada", None)
    with pytest.raises(QueueFullError, match=r"one person may have 4 runs .* you have 4"):
        queue.add(live(4), "ada", None)
    for seed in (5, 6):
        queue.add(live(seed), "bob", None)
    with pytest.raises(QueueFullError, match="at most 6 runs may wait on this server, and 6 do"):
        queue.add(live(7), "bob", None)


def test_a_run_goes_on_while_anyone_holds_it_and_ends_as_the_last_one_says(queue):
    job = queue.add(live(1), "ada", None)
    queue.hold(job, "bob", None)
    job.future = object()
    queue.let_go(job, "ada", "stopped")
    assert job.end is None

    queue.let_go(job, "bob", "paused")
    assert job.end == "paused"
    queue.hold(job, "eve", None)
    assert job.end is None


def test_a_queued_run_that_nobody_holds_is_gone(queue):
    job = queue.add(live(1), "ada", None)
    queue.let_go(job, "ada", "stopped")

    assert queue.find(job.run_id) is None
    assert queue.waiting() == []


def test_who_wants_it_all_outweighs_who_wants_one_step(queue):
    job = queue.add(live(1), "ada", 5)
    assert job.goal == 5
    queue.hold(job, "bob", 9)
    assert job.goal == 9
    queue.hold(job, "eve", None)
    queue.hold(job, "ada", 10)
    assert job.goal == job.live.experiment.last_step
