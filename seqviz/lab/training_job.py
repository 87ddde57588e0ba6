"""Training one run on a worker: from its last checkpoint to its end, or to the step where it is told to rest."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqviz.errors import DivergenceError, JobError, SeqvizError, StoreError
from seqviz.experiment import Experiment
from seqviz.experiment.task import CharactersConfig
from seqviz.experiment.vocabulary import Vocabulary
from seqviz.lab.orders import Orders
from seqviz.lab.recorder import Recorder
from seqviz.settings import StoreSettings
from seqviz.store import Store
from seqviz.training import Trainer, choose_device

log = logging.getLogger(__name__)

Checkpoint = Mapping[str, np.ndarray]
FINAL = frozenset({"done", "diverged"})  # the same experiment would end the same way again


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a computation ended: the run's state, and why in words."""

    state: str
    steps_done: int
    message: str = ""


def train_run(
    experiment: Experiment,
    store: Store,
    keep: StoreSettings,
    *,
    ancestors: tuple[Experiment, ...] = (),
    orders: Orders | None = None,
    report: Callable[[dict[str, Any]], None] = lambda event: None,
    device: str = "auto",
) -> Outcome:
    """Train a run to its end, or until ``orders`` say otherwise, and keep it in ``store``.

    What the store already has of the run is gone on from, bit by bit as if it had never been interrupted.

    Args:
        experiment: what to train.
        store: where it is kept.
        keep: how much of its past.
        ancestors: the experiments it goes on from (its parent, that one's parent, …), where the store may lack them.
        orders: read before every step.
        report: is told what happens, as events (seqviz.lab.events) without the run's id.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Raises:
        StoreError: the store cannot be read or written; the last commit is intact.
    """
    run = store.open(experiment.run_id)
    if run is not None and run.status.state in FINAL:
        return Outcome(state=run.status.state, steps_done=run.status.steps_done, message=run.status.message)
    text = text_of(experiment, store)
    checkpoint: Checkpoint | None = None if run is None else store.checkpoint(experiment.run_id)
    if checkpoint is None:
        run = None  # without a checkpoint it begins anew
        checkpoint = _parents_checkpoint(experiment, ancestors, store, device)
    trainer = Trainer(experiment, text=text, start=checkpoint, device=choose_device(device))
    vocabulary = None if text is None else Vocabulary.of(text).characters
    recorder = Recorder(trainer, store.writer(experiment, ancestors), report, run, vocabulary)
    recorder.plan(experiment.first_step, experiment.last_step, keep)
    report({"kind": "started", "steps_done": trainer.steps_done, "seconds": recorder.seconds})
    return _ended(trainer, recorder, orders or Orders())


def text_of(experiment: Experiment, store: Store) -> str | None:
    """Return the text that the experiment's task is about, or None for the other tasks.

    Raises:
        MissingTextError: this server does not have it.
    """
    task = experiment.task
    return store.texts.read(task.text) if isinstance(task, CharactersConfig) else None


def _ended(trainer: Trainer, recorder: Recorder, orders: Orders) -> Outcome:
    try:
        state, message = _loop(trainer, recorder, orders), ""
    except DivergenceError as error:
        state, message = "diverged", str(error)
    except StoreError:
        raise
    except SeqvizError as error:
        state, message = "failed", str(error)
    except (RuntimeError, ValueError, MemoryError) as error:  # what torch raises when a device or memory gives out
        log.exception("training %s failed", trainer.experiment.run_id)
        state, message = "failed", f"training stopped at step {trainer.steps_done}: {error}"
    recorder.tell()
    recorder.commit(state, message)
    return Outcome(state=state, steps_done=trainer.steps_done, message=message)


def _loop(trainer: Trainer, recorder: Recorder, orders: Orders) -> str:
    while not trainer.finished:
        recorder.look()
        ending = orders.ending(trainer.steps_done)
        if ending is not None:
            return ending
        recorder.record(trainer.step())
    recorder.look()
    return "done"


def _parents_checkpoint(
    experiment: Experiment, ancestors: tuple[Experiment, ...], store: Store, device: str
) -> Checkpoint | None:
    parent = experiment.parent
    if parent is None:
        return None
    stored = store.open(parent.run)
    begun = None if stored is None else store.checkpoint(parent.run)
    if begun is not None and int(begun["steps_done"]) == parent.step:
        return begun
    known = {one.run_id: one for one in ancestors} | ({stored.id: stored.experiment} if stored else {})
    if parent.run not in known:
        raise JobError(f"this run goes on from run {parent.run}, which this server does not know; open that one's link first")
    line = ancestors[1:] if stored is None else stored.ancestors
    return _retrained(known[parent.run], parent.step, begun, line, store, device)


def _retrained(
    parent: Experiment, step: int, begun: Checkpoint | None, ancestors: tuple[Experiment, ...], store: Store, device: str
) -> Checkpoint:
    """Return the parent's checkpoint after ``step`` steps, from the nearest earlier one that is there."""
    if not parent.first_step <= step <= parent.last_step:
        raise JobError(f"this run goes on from step {step}, but its parent goes from {parent.first_step} to {parent.last_step}")
    if begun is None or int(begun["steps_done"]) > step:
        begun = _parents_checkpoint(parent, ancestors, store, device)
    trainer = Trainer(parent, text=text_of(parent, store), start=begun, device=choose_device(device))
    while trainer.steps_done < step:
        trainer.step()
    return trainer.checkpoint()
