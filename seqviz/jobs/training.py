"""Training one run on a worker: from its last checkpoint to its end, or to the step where it is ordered to rest."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from seqviz.errors import DivergenceError, SeqvizError, StoreError
from seqviz.experiment import Experiment
from seqviz.jobs.ancestry import Ancestry, Checkpoint, ToldToEndError
from seqviz.jobs.ancestry import text_of as text_of
from seqviz.jobs.orders import Orders
from seqviz.jobs.recorder import Recorder
from seqviz.settings import StoreSettings
from seqviz.store import Store
from seqviz.store.manifest import FINAL
from seqviz.training import Trainer, choose_device

log = logging.getLogger(__name__)


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
        report: called with what happens, as events (seqviz.jobs.events) without the run's id.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Raises:
        StoreError: the store cannot be read or written; the last commit is intact.
    """
    run = store.open(experiment.run_id)
    if run is not None and run.status.state in FINAL:
        return Outcome(state=run.status.state, steps_done=run.status.steps_done, message=run.status.message)
    text = text_of(experiment, store)
    orders = orders or Orders()
    checkpoint: Checkpoint | None = None if run is None else store.checkpoint(experiment.run_id)
    if checkpoint is None:
        run = None  # without a checkpoint it begins anew
        try:
            checkpoint = Ancestry(store, ancestors, device, orders).checkpoint_for(experiment)
        except ToldToEndError as told:
            return Outcome(state=told.state, steps_done=experiment.first_step)
    trainer = Trainer(experiment, text=text, start=checkpoint, device=choose_device(device))
    recorder = Recorder(trainer, store.writer(experiment, ancestors), report, run, trainer.task.vocabulary)
    recorder.plan(experiment.first_step, experiment.last_step, keep, orders.token)
    report({"kind": "started", "steps_done": trainer.steps_done, "seconds": recorder.seconds})
    return _ended(trainer, recorder, orders)


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
