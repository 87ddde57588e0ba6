"""A few training steps against the clock, so that a run's time is known before it begins."""

import json
import time

from seqviz.admission import admitted
from seqviz.errors import ConfigError
from seqviz.experiment import Experiment
from seqviz.jobs.ancestry import text_of
from seqviz.records import Pace
from seqviz.settings import settings
from seqviz.store import open_store
from seqviz.subjects.pace import TimedSteps
from seqviz.training import Trainer, choose_device

ENOUGH_SECONDS = 5.0  # of timing; large networks are timed over fewer steps


def answer_pace(subject: TimedSteps) -> Pace:
    """Return how long training steps of the experiment take here; nothing of them is kept.

    Raises:
        SeqvizError: this server does not take the experiment.
    """
    experiment, store = _experiment(subject.experiment), open_store()
    experiment = admitted(experiment, (), store, settings().limits)[0]
    began = time.perf_counter()
    trainer = Trainer(experiment, text=text_of(experiment, store), device=choose_device("auto"))
    ready = time.perf_counter()
    trainer.step()
    first = now = time.perf_counter()
    steps = 0
    while steps < min(subject.steps, experiment.training.steps - 1) and now - first < ENOUGH_SECONDS:
        trainer.step()
        now, steps = time.perf_counter(), steps + 1
    if not steps:  # the run has one step
        return Pace(steps=1, seconds_a_step=first - ready, seconds_to_begin=ready - began)
    return Pace(steps=steps, seconds_a_step=(now - first) / steps, seconds_to_begin=ready - began)


def _experiment(written: str) -> Experiment:
    try:
        return Experiment.from_json(json.loads(written))
    except json.JSONDecodeError as error:
        raise ConfigError(f"an experiment to be timed must be written as JSON, got {written[:40]!r}") from error
