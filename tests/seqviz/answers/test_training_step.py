"""The step that is taken apart is the one that the run itself takes, from wherever its weights are known."""

import json
from collections import deque
from dataclasses import replace

import numpy as np
import pytest
import torch

from seqviz.answers import training_step as steps
from seqviz.answers.training_step import answer_training_step, trainer_at
from seqviz.errors import ConfigError, DivergenceError, LimitError, MissingParentError, UnknownNameError
from seqviz.experiment import Experiment, Parent, RecurrentConfig, Seq2SeqConfig, TrainingConfig
from seqviz.experiment.clipping import Explosion
from seqviz.experiment.task import AddingConfig, LagConfig, TemporalOrderConfig, TranslationConfig
from seqviz.jobs.training import train_run
from seqviz.models.dropout import draw_masks
from seqviz.settings import settings
from seqviz.store import open_store
from seqviz.subjects.training_step import TrainingStep
from seqviz.training import Trainer
from seqviz.training.seeds import COINS, data_seed

SMALL = Experiment(
    task=AddingConfig(length=6),
    model=RecurrentConfig(name="rnn", hidden_size=4),
    training=TrainingConfig(optimizer="adam", learning_rate=0.02, batch_size=4, steps=30, clip="norm", threshold=0.3),
    seed=7,
)

EXPLODES = replace(
    SMALL,
    task=AddingConfig(length=60),
    model=RecurrentConfig(name="rnn", activation="relu", hidden_size=6, initialisation="orthogonal", scale=9.0),
    training=TrainingConfig(optimizer="sgd", learning_rate=1e6, clip="off", batch_size=4, steps=9),
)


def asked(experiment, done=0, **more):
    return TrainingStep(experiment=json.dumps(experiment.to_json()), done=done, **more)


def rows_of(experiment, count):
    trainer = Trainer(experiment)
    return [trainer.step() for _ in range(count)]


@pytest.mark.parametrize("done", [0, 1, 7])
@pytest.mark.parametrize("task", [AddingConfig(length=6), TemporalOrderConfig(length=10), LagConfig(length=8, lag=2)])
def test_the_step_is_the_one_that_training_takes(own_store, task, done):
    experiment = replace(SMALL, task=task)
    record, row = answer_training_step(asked(experiment, done)), rows_of(experiment, done + 1)[-1]
    assert (record.step, record.loss, record.clipped, record.cosine) == (row.step, row.loss, row.clipped, row.cosine)
    assert record.gradient_norm == pytest.approx(row.gradient_norm, rel=1e-6)
    assert record.applied_norm == pytest.approx(row.applied_norm, rel=1e-6)
    trainer = Trainer(experiment)
    for _ in range(done + 1):
        trainer.step()
    np.testing.assert_array_equal(record.weight.new, trainer.weights()["rnn.weight_hh_l0"])
    np.testing.assert_array_equal(record.weight.update, record.weight.new - record.weight.values)
    assert set(record.weight.state) == {"exp_avg", "exp_avg_sq"}


def test_the_norms_of_the_weights_make_up_the_whole():
    record = answer_training_step(asked(SMALL))
    assert np.sqrt(np.square(record.gradient_norms).sum()) == pytest.approx(record.gradient_norm)
    assert np.sqrt(np.square(record.update_norms).sum()) == pytest.approx(record.update_norm)
    at = record.names.index("rnn.weight_hh_l0")
    assert record.gradient_norms[at] == pytest.approx(np.linalg.norm(record.weight.gradient))


def test_a_long_sequence_is_shown_in_part_and_felt_as_a_whole():
    record = answer_training_step(asked(replace(SMALL, task=AddingConfig(length=80))))
    assert (len(record.inputs), len(record.hidden), len(record.reach)) == (64, 64, 80)


@pytest.mark.parametrize("dropout", ["none", "layers", "recurrent", "variational"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_states_answers_and_gradients_are_autograds_under_the_steps_own_masks(own_store, cell, dropout):
    model = RecurrentConfig(name=cell, hidden_size=3, layers=2, bidirectional=True, dropout=dropout, dropout_rate=0.4)
    experiment = replace(SMALL, model=model)
    record, trainer = answer_training_step(asked(experiment, 2)), trainer_at(experiment, 2, open_store())
    batch, states = trainer.data(2), []
    read = trainer.model.read
    trainer.model.read = lambda found: states.append(found) or read(found)
    answers = trainer.answers(batch, 2)
    np.testing.assert_allclose(record.answers[0], answers[0].detach(), rtol=1e-5)
    np.testing.assert_allclose(record.hidden, states[0][0, :, :3].detach(), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(record.reach, reached(trainer, batch), rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("carried", [True, False])
def test_where_the_gradient_is_cut_a_step_shows_what_the_cut_leaves(own_store, carried):
    model = RecurrentConfig(name="lstm", hidden_size=3, backpropagation="truncated", window=2, stride=2, carried=carried)
    experiment = replace(SMALL, model=model)
    record, trainer = answer_training_step(asked(experiment, 2)), trainer_at(experiment, 2, open_store())
    batch, rnn = trainer.data(2), trainer.model.rnn
    begin = rnn(batch.inputs[:, :4])[1] if carried else (torch.zeros(1, 4, 3),) * 2
    fifth = rnn(batch.inputs[:, 4:5], tuple(part.detach() for part in begin))[1]
    last = rnn(batch.inputs[:, 5:], fifth)[1]
    answers = trainer.model.readout(last[0][-1])
    gradients = torch.autograd.grad(trainer.task.loss(answers, batch), (fifth[0], last[0]))
    np.testing.assert_allclose(record.reach[4:], [float(each[0, 0].norm()) for each in gradients], rtol=1e-4)
    assert not record.reach[:4].any()
    np.testing.assert_allclose(record.answers[0], answers[0].detach(), rtol=1e-5)


def reached(trainer, batch):
    """The norms of ∂L/∂h in the first sequence, layer 2 forward, of cells written out under masks drawn anew."""
    model, config = trainer.model, trainer.experiment.model
    coins = torch.Generator().manual_seed(data_seed(trainer.experiment.seed, 2, COINS))
    shape = (1, 6, 4, 6) if config.dropout == "layers" else (4, 6, 4, 3)
    masks = torch.ones(4, 6, 4, 6) if config.dropout == "none" else draw_masks(config.dropout, 0.4, shape, coins)
    values = batch.inputs
    for layer in (0, 1):
        if layer and config.dropout == "layers":
            values = values * masks[0].transpose(0, 1)
        kept = masks[2 * layer :, ..., :3] if config.dropout in ("recurrent", "variational") else torch.ones(2, 6, 4, 3)
        ways = [
            cells(config.name, ordered, model.rnn.all_weights[2 * layer + way], kept[way])
            for way, ordered in enumerate((values, values.flip(1)))
        ]
        values = torch.cat([torch.stack(ways[0], 1), torch.stack(ways[1][::-1], 1)], 2)
    found = torch.autograd.grad(trainer.task.loss(model.read(values), batch), ways[0])
    return [float(each[0].norm()) for each in found]


def cells(name, values, weights, masks):
    """PyTorch's own cells, one after the other: the recurrent matrix reads the masked state, all else the state itself."""
    wi, wh, bi, bh = weights
    hidden = cell = torch.zeros(len(values), 3)
    states = []
    for value, mask in zip(values.unbind(1), masks, strict=True):
        if name == "rnn":
            hidden = torch.rnn_tanh_cell(value, hidden * mask, wi, wh, bi, bh)
        elif name == "lstm":
            hidden, cell = torch.lstm_cell(value, (hidden * mask, cell), wi, wh, bi, bh)
        else:  # PyTorch's GRU cell would keep the masked state too
            keep = torch.sigmoid(value @ wi[3:6].T + bi[3:6] + (hidden * mask) @ wh[3:6].T + bh[3:6])
            hidden = torch.gru_cell(value, hidden * mask, wi, wh, bi, bh) + keep * hidden * (1 - mask)
        states.append(hidden)
    return states


def test_a_step_in_the_middle_of_a_run_begins_from_what_was_kept_of_it(own_store, monkeypatch):
    experiment = replace(SMALL, training=replace(SMALL.training, optimizer="sgd", steps=200))
    train_run(experiment, open_store(), settings().store, device="cpu")
    taken = []
    step = Trainer.step
    monkeypatch.setattr(Trainer, "step", lambda trainer: taken.append(1) or step(trainer))
    here = trainer_at(experiment, 197, open_store())
    assert len(taken) < 100  # the nearest snapshot is not the start
    fresh = Trainer(experiment)
    while fresh.steps_done < 197:
        fresh.step()
    for name, value in fresh.weights().items():
        np.testing.assert_array_equal(here.weights()[name], value)


def test_the_step_after_a_runs_last_begins_from_its_checkpoint_with_the_optimizers_state(own_store, monkeypatch):
    train_run(SMALL, open_store(), settings().store, device="cpu")
    monkeypatch.setattr(steps, "MOST_AGAIN", 0)
    longer = replace(SMALL, training=replace(SMALL.training, steps=31))
    assert answer_training_step(asked(SMALL, 30)).loss == rows_of(longer, 31)[-1].loss


def test_a_child_begins_where_its_parent_was(own_store):
    train_run(SMALL, open_store(), settings().store, device="cpu")
    child = replace(SMALL, parent=Parent(run=SMALL.run_id, step=12), training=replace(SMALL.training, clip="off", steps=5))
    parent = Trainer(SMALL)
    while parent.steps_done < 12:
        parent.step()
    assert answer_training_step(asked(child, 12)).loss == parent.step().loss


def test_a_child_whose_parent_is_too_far_or_unknown_is_one_sentence(own_store, monkeypatch):
    monkeypatch.setattr(steps, "MOST_AGAIN", 5)
    child = replace(SMALL, parent=Parent(run=SMALL.run_id, step=12), training=replace(SMALL.training, steps=5))
    with pytest.raises(LimitError, match=r"at most 5 more than what is kept of this run \(0\), got 12"):
        trainer_at(child, 12, open_store(), (SMALL,))
    with pytest.raises(MissingParentError):
        trainer_at(child, 12, open_store())


def test_steps_that_take_too_long_are_given_up(own_store, monkeypatch):
    monkeypatch.setattr(steps, "AGAIN_SECONDS", 0.0)
    with pytest.raises(LimitError, match="only 1 steps could be done again in 0 s"):
        answer_training_step(asked(SMALL, 20))


def test_a_diverging_step_tells_what_and_leaves_the_weights(own_store):
    record = answer_training_step(asked(EXPLODES))
    assert record.diverged.startswith("step 1: ")
    np.testing.assert_array_equal(record.weight.new, record.weight.values)
    assert not record.update_norms.any()


def test_of_a_run_that_diverged_before_the_last_step_that_was_taken_is_shown(own_store):
    experiment = Explosion(seed=1).trained("off")  # no shipped run: another processor diverges at another step
    trainer = Trainer(experiment)
    with pytest.raises(DivergenceError) as error:
        deque((trainer.step() for _ in range(experiment.training.steps)), maxlen=0)
    record = answer_training_step(asked(experiment, 300))
    last = trainer.steps_done
    assert (record.step, record.diverged, record.ended) == (last, "", str(error.value))
    assert record.loss == rows_of(experiment, last)[-1].loss
    assert answer_training_step(asked(experiment, last)).diverged == str(error.value)


def test_of_a_run_that_diverged_elsewhere_the_step_after_its_checkpoint_diverges_as_it_did_there(own_store):
    experiment = Explosion().trained("off")
    status = open_store().open(experiment.run_id).status
    assert answer_training_step(asked(experiment, status.steps_done)).diverged == status.message


def test_of_a_run_whose_first_step_diverges_that_one_is_shown(own_store):
    record = answer_training_step(asked(EXPLODES, 5))
    assert (record.step, record.ended) == (1, record.diverged)
    assert record.ended.startswith("step 1: ")


@pytest.mark.parametrize(
    ("subject", "error", "said"),
    [
        (TrainingStep(experiment="{{"), ConfigError, "must be written as JSON"),
        (asked(SMALL, 31), ConfigError, r"must be in \[0, 30\], the steps of this run, got 31"),
        (asked(SMALL, weight="rnn.weight_hh_l9"), UnknownNameError, "unknown weight 'rnn.weight_hh_l9'; known"),
        (asked(Experiment(task=TranslationConfig(), model=Seq2SeqConfig())), ConfigError, "works on an RNN, an LSTM or a GRU"),
        (asked(replace(SMALL, task=AddingConfig(length=1500))), LimitError, "length may be at most 1,000"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_apart_is_one_sentence(own_store, subject, error, said):
    with pytest.raises(error, match=said):
        answer_training_step(subject)


def test_a_step_too_far_from_anything_kept_is_one_sentence(own_store, monkeypatch):
    monkeypatch.setattr(steps, "MOST_AGAIN", 5)
    with pytest.raises(LimitError, match=r"at most 5 more than what is kept of this run \(0\), got 6"):
        answer_training_step(asked(SMALL, 6))
