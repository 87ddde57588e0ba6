"""What the lab promises: training as fast as a bare loop, workers that add up, and orders obeyed at once."""

import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from bench.line import CannotMeasure, Line, Reading
from bench.measure import latency, reading_of
from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.lab import Lab
from seqviz.lab.view import FINAL
from seqviz.questions import GRADIENT_FLOW
from seqviz.settings import settings
from seqviz.subjects.recurrent import UntrainedNetwork

PATIENCE_SECONDS = 300
POLL_SECONDS = 0.01  # often enough to time a person's wait, seldom enough not to weigh on training
CHUNK = 100  # training steps between two turns
CHUNKS = 21
SHARED_RUNS, SHARED_STEPS, SHARED_ROUNDS = 8, 120, 3


def lines() -> Iterator[Line]:
    """Give the lines of this wing."""
    yield Line(
        name="lab.training",
        title="training in the Lab, recorded and watched, against a bare PyTorch loop, in steps/s",
        unit="×",
        better="higher",
        target=0.9,
        measure=against_bare_loop,
    )
    yield Line(
        name="lab.workers",
        title="two one-thread workers against one on eight equal runs",
        unit="×",
        better="higher",
        target=1.7,
        measure=two_workers_against_one,
    )
    yield Line(
        name="lab.lag",
        title="from a training step to whoever watches",
        unit="ms",
        better="lower",
        target=1000,
        measure=lag,
        p95_target=1000,
    )
    yield Line(
        name="lab.cancel",
        title="from Cancel to a run at rest, kept",
        unit="ms",
        better="lower",
        target=1000,
        measure=cancel,
        p95_target=1000,
    )
    yield Line(
        name="lab.step",
        title="one single step of a paused run, there and back",
        unit="ms",
        better="lower",
        target=500,
        measure=single_step,
    )
    yield Line(
        name="lab.trace",
        title="the smallest trace, there and back",
        unit="ms",
        better="lower",
        target=50,
        measure=lambda: latency(_traces(), count=101),
    )


def against_bare_loop() -> Reading:
    """Return the Lab's steps per second over those of a bare loop that runs on the same worker, in turns."""
    experiment = _experiment(steps=CHUNK * CHUNKS)
    shares = []
    with _lab(workers=1, checkpoint_seconds=1) as lab:  # a turn is short: commit four times as often as usual
        _bare_seconds(lab, experiment)  # warm
        before = _trained_seconds(lab, experiment, 1)
        with _watching(lab, experiment.run_id):
            for done in range(CHUNK + 1, CHUNK * CHUNKS, CHUNK):
                bare = _bare_seconds(lab, experiment)
                now = _trained_seconds(lab, experiment, done)
                shares.append(bare / (now - before))
                before = now
    return reading_of(shares)


def bare_loop(written: str, steps: int) -> float:
    """Return the seconds that plain PyTorch takes for the next ``steps`` training steps of the experiment ``written``."""
    step = _bare_step(written)
    began = time.perf_counter()
    for _ in range(steps):
        step()
    return time.perf_counter() - began


@cache
def _bare_step(written: str) -> Callable[[], float]:
    """One network for all turns, so that both sides are equally far in their training: tiny gradients are slow ones."""
    import torch

    from seqviz.tasks import build_task

    experiment = Experiment.from_json(json.loads(written))
    task = build_task(experiment.task)
    generator = torch.Generator().manual_seed(0)
    rnn = torch.nn.LSTM(task.input_size, experiment.model.hidden_size, batch_first=True)
    readout = torch.nn.Linear(experiment.model.hidden_size, task.output_size)
    weights = [*rnn.parameters(), *readout.parameters()]
    optimizer = torch.optim.Adam(weights, lr=experiment.training.learning_rate)

    def step() -> float:
        batch = task.batch(experiment.training.batch_size, generator)
        loss = task.loss(readout(rnn(batch.inputs)[0][:, -1]), batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, experiment.training.threshold)
        optimizer.step()
        return float(loss.item())

    return step


def equal_runs(turn: int) -> list[Experiment]:
    """Return eight runs of one kind, others at every turn."""
    return [replace(_experiment(SHARED_STEPS), seed=turn * SHARED_RUNS + i) for i in range(SHARED_RUNS)]


def two_workers_against_one(runs: Callable[[int], list[Experiment]] = equal_runs) -> Reading:
    """Return how many times as fast two one-thread workers finish the runs of a turn as one does."""
    if (os.cpu_count() or 1) < 2:
        raise CannotMeasure("this machine has a single core")
    with _lab(workers=1) as one, _lab(workers=2) as two:
        for lab in (one, two):
            _all_done_seconds(lab, runs(0))  # warm
        turns = [runs(turn) for turn in range(1, SHARED_ROUNDS + 1)]
        return reading_of([_all_done_seconds(one, each) / _all_done_seconds(two, each) for each in turns])


def lag() -> Reading:
    """Return how old what a page sees of a running run is, at any moment."""
    experiment = _experiment(steps=100_000)
    with _lab(workers=1) as lab:
        lab.submit(experiment)
        _wait(lambda: lab.view(experiment.run_id).state == "running")
        began = time.perf_counter() - lab.view(experiment.run_id).seconds
        _wait(lambda: lab.view(experiment.run_id).steps_done > 0)
        ages = []
        for _ in range(100):
            time.sleep(0.037)  # at no fixed phase of the reports
            ages.append(1000 * (time.perf_counter() - began - lab.view(experiment.run_id).seconds))
    return reading_of(ages)


def cancel() -> Reading:
    """Return how long a run takes to stop and be saved after a cancel."""
    experiment = _experiment(steps=100_000)
    took = []
    with _lab(workers=1) as lab:
        for _ in range(9):
            seen = lab.submit(experiment).steps_done
            _wait(lambda seen=seen: lab.view(experiment.run_id).steps_done > seen + 5)
            began = time.perf_counter()
            lab.stop(experiment.run_id)
            _wait(lambda: not lab.view(experiment.run_id).live)
            took.append(1000 * (time.perf_counter() - began))
    return reading_of(took)


def single_step() -> Reading:
    """Return how long one step of a paused run takes, until it is seen."""
    experiment = _experiment(steps=1000)
    with _lab(workers=1) as lab:

        def step() -> None:
            known = lab.submit(experiment, until=0).steps_done
            lab.submit(experiment, until=known + 1)
            _wait(lambda: not lab.view(experiment.run_id).live)

        step()
        return latency(step, count=21)


@cache
def _traces() -> Callable[[], object]:
    lab = Lab()
    lab.hardware()
    return lambda: lab.trace(GRADIENT_FLOW, UntrainedNetwork(length=2, hidden_size=2))


def _bare_seconds(lab: Lab, experiment: Experiment) -> float:
    task = lab.client.submit(bare_loop, json.dumps(experiment.to_json()), CHUNK, pure=False, resources={"train": 1})
    return float(task.result(timeout=PATIENCE_SECONDS))


def _trained_seconds(lab: Lab, experiment: Experiment, until: int) -> float:
    lab.submit(experiment, until=until)
    _wait(lambda: not lab.view(experiment.run_id).live)
    return lab.view(experiment.run_id).seconds


def _all_done_seconds(lab: Lab, runs: list[Experiment]) -> float:
    began = time.perf_counter()
    for run in runs:
        lab.submit(run)
    for run in runs:
        _wait(lambda run=run: not lab.view(run.run_id).live)
    took = time.perf_counter() - began
    states = {lab.view(run.run_id).state for run in runs}
    if not states <= FINAL:
        raise CannotMeasure(f"the runs ended {', '.join(sorted(states))}")
    return took


def _experiment(steps: int) -> Experiment:
    return Experiment(
        task=AddingConfig(length=100),
        model=RecurrentConfig(name="lstm", hidden_size=64),
        training=TrainingConfig(steps=steps, batch_size=32),
    )


@contextmanager
def _lab(workers: int, **store: int) -> Iterator[Lab]:
    mine = settings()
    with tempfile.TemporaryDirectory() as folder:
        kept = replace(mine.store, url=folder, pretrained="", **store)
        chosen = replace(mine, store=kept, lab=replace(mine.lab, workers=workers))
        lab = Lab(chosen)
        try:
            yield lab
        finally:
            lab.close()


@contextmanager
def _watching(lab: Lab, run_id: str) -> Iterator[None]:
    """A page that looks once a second, as a live page does."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(1.0):
            lab.view(run_id)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _wait(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise CannotMeasure(f"nothing happened within {PATIENCE_SECONDS} seconds")
        time.sleep(POLL_SECONDS)
