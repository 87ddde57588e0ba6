"""One training step taken apart, of a run or of an untrained network."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import Tensor

from seqviz.admission import admitted
from seqviz.errors import ConfigError, DivergenceError, LimitError, MissingParentError
from seqviz.experiment import TASKS, Experiment
from seqviz.jobs.ancestry import text_of
from seqviz.models import SequenceModel
from seqviz.records.training_step import MOST_CELLS, StepTrace, WeightStep
from seqviz.registry import look_up
from seqviz.settings import settings
from seqviz.store import Store, open_store
from seqviz.subjects.training_step import TrainingStep
from seqviz.tracing.dropout import masked_flow
from seqviz.tracing.gates import trace_gates
from seqviz.tracing.gradient_flow import gradient_flow
from seqviz.tracing.truncated import truncated_flow
from seqviz.training import Trainer
from seqviz.training.optimizers import STATES
from seqviz.training.seeds import COINS, data_seed
from seqviz.training.taken import TakenStep, take_step

MOST_AGAIN = 500  # training steps that are done again to come to the one asked for
AGAIN_SECONDS = 8.0  # … if they take no longer

Arrays = Mapping[str, np.ndarray]


def answer_training_step(subject: TrainingStep) -> StepTrace:
    """Return what the training step after ``subject.done`` others does: the trainer's own next step.

    Of a run that has diverged before, it is the last step that was taken; of one whose first step diverges, that one.

    Raises:
        SeqvizError: this server does not take the experiment, or the step is too far from where its weights are known.
        ConfigError: the network is no single RNN, LSTM or GRU, or has no such weight.
    """
    store = open_store()
    experiment, ancestors = _line(subject.experiment, store)
    try:
        return _taken(subject, experiment, ancestors, store)
    except DivergenceError as error:
        if error.step <= experiment.first_step:  # it is an ancestor's
            raise
        last = max(experiment.first_step, error.step - 2)
        return replace(_taken(replace(subject, done=last), experiment, ancestors, store), ended=str(error))


def _taken(subject: TrainingStep, experiment: Experiment, ancestors: tuple[Experiment, ...], store: Store) -> StepTrace:
    trainer = trainer_at(experiment, subject.done, store, ancestors)
    look_up(dict(trainer.model.named_parameters()), subject.weight, "weight")
    model = trainer.model
    assert isinstance(model, SequenceModel), "its settings are of one recurrent network"
    forward = _forward(trainer, model)
    return _record(experiment, take_step(trainer), forward, subject)


def trainer_at(
    experiment: Experiment, done: int, store: Store, ancestors: tuple[Experiment, ...] = (), deadline: float | None = None
) -> Trainer:
    """Return a trainer of ``experiment`` after ``done`` steps, in exactly the state of its run.

    Args:
        experiment: what is trained.
        done: the steps that are done.
        store: what is kept of its run, and of those it goes on from, is begun with.
        ancestors: the experiments that it goes on from: its parent, that one's parent, …
        deadline: when to give up, on the monotonic clock; in 8 seconds by default.

    Raises:
        ConfigError: the run does not come to that step.
        LimitError: too many steps would have to be done again.
        MissingParentError: an ancestor is not known.
        DivergenceError: the run ends before.
    """
    deadline = deadline or time.monotonic() + AGAIN_SECONDS
    first, last = experiment.first_step, experiment.last_step
    if not first <= done <= last:
        raise ConfigError(f"steps done before must be in [{first}, {last}], the steps of this run, got {done}")
    kept = _kept(experiment, store)
    begun = max(step for step in kept if step <= done)
    if done - begun > MOST_AGAIN:
        near = ", ".join(map(str, sorted(kept)))
        raise LimitError(
            f"steps done before may be at most {MOST_AGAIN} more than what is kept of this run ({near}), got {done}"
        )
    start = kept[begun]() if begun > first else _beginning(experiment, store, ancestors, deadline)
    trainer = Trainer(experiment, text=text_of(experiment, store), start=start)
    while trainer.steps_done < done:
        trainer.step()
        if time.monotonic() > deadline:
            raise LimitError(
                f"only {trainer.steps_done:,} steps could be done again in {AGAIN_SECONDS:g} s; choose an earlier step"
            )
    return trainer


def _line(written: str, store: Store) -> tuple[Experiment, tuple[Experiment, ...]]:
    try:
        experiment = Experiment.from_json(json.loads(written))
    except json.JSONDecodeError as error:
        raise ConfigError(f"an experiment must be written as JSON, got {written[:40]!r}") from error
    assert experiment.recurrent is not None  # raises where the model is another
    known = store.open(experiment.run_id)
    line = admitted(experiment, () if known is None else known.ancestors, store, settings().limits)
    return line[0], line[1:]


def _kept(experiment: Experiment, store: Store) -> dict[int, Callable[[], Arrays]]:
    """Return how to read what is known exactly of the experiment's run, by training step; its beginning is always known."""
    run = store.open(experiment.run_id)
    kept: dict[int, Callable[[], Arrays]] = {experiment.first_step: dict}
    if run is None:
        return kept
    if not STATES[experiment.training.optimizer]:  # then the weights are all there is
        kept |= {step: partial(_weights, store, run.id, step) for step in run.snapshot_steps}
    checkpoint = store.checkpoint(run.id)
    return kept if checkpoint is None else {**kept, int(checkpoint["steps_done"]): lambda: checkpoint}


def _weights(store: Store, run: str, step: int) -> Arrays:
    weights = {f"model.{name}": array for name, array in store.weights(run, step).items()}
    return {**weights, "steps_done": np.array(step)}


def _beginning(experiment: Experiment, store: Store, ancestors: tuple[Experiment, ...], deadline: float) -> Arrays | None:
    """Return what the run begins with: nothing, or its parent as it was then."""
    if experiment.parent is None:
        return None
    if not ancestors:
        raise MissingParentError(experiment.parent.run)
    return trainer_at(ancestors[0], experiment.parent.step, store, ancestors[1:], deadline).checkpoint()


def _forward(trainer: Trainer, model: SequenceModel) -> dict[str, np.ndarray]:
    """Return what the network reads in the batch's first sequence, its states, and how much of the loss reaches them."""
    batch = trainer.data(trainer.steps_done)

    def loss(states: Tensor, final: object = None) -> Tensor:
        return trainer.task.loss(model.read(states), batch)

    if model.config.backpropagation == "truncated":
        window, stride, carried = model.config.window, model.config.cut_every, model.config.carried
        states, norms = truncated_flow(model.rnn, batch.inputs, loss, window, stride, carried=carried)
        hidden, reach = states[0], norms[0]
    elif model.dropout == "none":
        hidden = trace_gates(model.rnn, batch.inputs[:1]).hidden[-1, 0, 0]
        reach = gradient_flow(model.rnn, batch.inputs, loss).hidden_norms[-1, 0, 0]
    else:
        coins = torch.Generator().manual_seed(data_seed(trainer.experiment.seed, trainer.steps_done, COINS))
        states, norms = masked_flow(model.rnn, batch.inputs, loss, model.dropout, model.rate, coins)
        hidden, reach = states[0], norms[0]
    first = {"inputs": batch.inputs[0].numpy(), "hidden": hidden}
    return {name: value[:MOST_CELLS, :MOST_CELLS].astype(float) for name, value in first.items()} | {"reach": reach}


def _record(experiment: Experiment, watched: TakenStep, forward: Arrays, subject: TrainingStep) -> StepTrace:
    row, names = watched.row, tuple(watched.before)
    updates = {name: watched.after[name] - watched.before[name] for name in names}
    spec = TASKS[str(experiment.task.to_json()["name"])]
    nan = float("nan")
    return StepTrace(
        step=subject.done + 1, loss=watched.loss, loss_after=watched.loss_after,
        metric=nan if row is None else row.metric,
        gradient_norm=_norm(watched.gradients), applied_norm=_norm(watched.clipped), update_norm=_norm(updates),
        cosine=nan if row is None else row.cosine, clipped=row is not None and row.clipped, diverged=watched.diverged,
        names=names, gradient_norms=_norms(watched.gradients, names), applied_norms=_norms(watched.clipped, names),
        update_norms=_norms(updates, names), **forward,
        **_answers(watched.outputs[0], watched.batch.targets[0], every=spec.answer == "every"),
        weight=_weight(watched, updates[subject.weight], subject.weight), ended="",
    )  # fmt: skip


def _weight(watched: TakenStep, update: np.ndarray, name: str) -> WeightStep:
    state = {key.partition("/")[2]: value for key, value in watched.state.items() if key.partition("/")[0] == name}
    return WeightStep(
        name=name, shape=tuple(update.shape), values=_cells(watched.before[name]), gradient=_cells(watched.gradients[name]),
        clipped=_cells(watched.clipped[name]), update=_cells(update), new=_cells(watched.after[name]),
        state={what: _cells(value) for what, value in state.items() if value.ndim},
    )  # fmt: skip


def _cells(value: np.ndarray) -> np.ndarray:
    return np.asarray(np.atleast_2d(value)[:MOST_CELLS, :MOST_CELLS], dtype=np.float32)


def _answers(outputs: Tensor, targets: Tensor, *, every: bool) -> dict[str, np.ndarray]:
    """Return what the network answers to the first sequence and what was right, an answer a row."""
    answered = outputs.reshape(-1, outputs.shape[-1])
    wanted = targets.reshape(-1, 1) if every else targets.reshape(1, -1)
    return {"answers": answered.double().numpy(), "targets": wanted.double().numpy()}


def _norm(arrays: Arrays) -> float:
    return float(np.sqrt(sum(np.square(array.astype(float)).sum() for array in arrays.values())))


def _norms(arrays: Arrays, names: tuple[str, ...]) -> np.ndarray:
    return np.array([np.sqrt(np.square(arrays[name].astype(float)).sum()) for name in names])
