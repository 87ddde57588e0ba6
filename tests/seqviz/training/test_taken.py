"""A watched step equals the trainer's own to the last bit, and plain PyTorch's."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.experiment import OPTIMIZERS, Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig, TemporalOrderConfig
from seqviz.training import Trainer
from seqviz.training.taken import take_step

SMALL = Experiment(
    task=AddingConfig(length=6),
    model=RecurrentConfig(name="rnn", hidden_size=4),
    training=TrainingConfig(optimizer="sgd", learning_rate=0.1, batch_size=4, steps=9, clip="norm", threshold=0.2),
    seed=5,
)


def stepped(experiment, steps):
    trainer = Trainer(experiment)
    for _ in range(steps):
        trainer.step()
    return trainer


def same(one, other):
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_watched_step_is_the_trainers_own_to_the_last_bit(cell, optimizer):
    experiment = replace(
        SMALL, model=RecurrentConfig(name=cell, hidden_size=4), training=replace(SMALL.training, optimizer=optimizer)
    )
    plain, seen = stepped(experiment, 3), stepped(experiment, 3)
    row, watched = plain.step(), take_step(seen)
    assert watched.row == row
    assert watched.loss == row.loss
    same(plain.checkpoint(), seen.checkpoint())
    same(watched.after, plain.weights())
    assert plain.step() == seen.step()  # nothing of the watching is left


OPTIMIZED = {
    "sgd": lambda weights: torch.optim.SGD(weights, lr=0.1),
    "momentum": lambda weights: torch.optim.SGD(weights, lr=0.1, momentum=0.9),
    "rmsprop": lambda weights: torch.optim.RMSprop(weights, lr=0.1),
    "adam": lambda weights: torch.optim.Adam(weights, lr=0.1),
    "adadelta": lambda weights: torch.optim.Adadelta(weights, lr=0.1),
}


def clip_plainly(weights, clip, threshold):
    if clip == "norm":
        nn.utils.clip_grad_norm_(weights, threshold)
    elif clip == "value":
        nn.utils.clip_grad_value_(weights, threshold)


def gradients_of(weights):
    return {name: each.grad.numpy().copy() for name, each in weights.items()}


@pytest.mark.parametrize("optimizer", OPTIMIZED)
@pytest.mark.parametrize("clip", ["off", "norm", "value"])
def test_a_watched_step_is_what_plain_pytorch_does(clip, optimizer):
    threshold = 0.02 if clip == "value" else 0.2
    experiment = replace(SMALL, training=replace(SMALL.training, optimizer=optimizer, clip=clip, threshold=threshold))
    trainer = Trainer(experiment)
    rnn, readout = nn.RNN(2, 4, batch_first=True), nn.Linear(4, 1)
    named = {f"rnn.{name}": each for name, each in rnn.named_parameters()}
    named |= {f"readout.{name}": each for name, each in readout.named_parameters()}
    with torch.no_grad():
        for name, value in trainer.weights().items():
            named[name].copy_(torch.from_numpy(value))
    plain = OPTIMIZED[optimizer](list(named.values()))
    for _ in range(3):  # an optimizer's state shows from the second step on
        watched = take_step(trainer)
        same(watched.before, {name: each.detach().numpy() for name, each in named.items()})
        loss = ((readout(rnn(watched.batch.inputs)[0][:, -1]) - watched.batch.targets) ** 2).mean()
        plain.zero_grad()
        loss.backward()
        assert watched.loss == loss.item()
        same(watched.gradients, gradients_of(named))
        clip_plainly(list(named.values()), clip, threshold)
        for name, each in gradients_of(named).items():  # PyTorch adds 1e-6 to the norm, which is above 0.2: 5e-6 of it
            np.testing.assert_allclose(watched.clipped[name], each, rtol=6e-6 if clip == "norm" else 0)
            named[name].grad.copy_(torch.from_numpy(watched.clipped[name]))  # a steep loss would amplify that difference
        plain.step()
        same(watched.after, {name: each.detach().numpy() for name, each in named.items()})


def test_the_loss_after_is_of_the_same_batch():
    trainer = Trainer(SMALL)
    watched = take_step(trainer)
    with torch.no_grad():
        again = trainer.task.loss(trainer.model(watched.batch.inputs), watched.batch)
    assert watched.loss_after == again.item()
    assert watched.loss_after < watched.loss


def test_a_step_that_diverges_says_so_and_leaves_the_trainer_as_it_was():
    trainer = Trainer(replace(SMALL, training=TrainingConfig(optimizer="sgd", clip="off", steps=6)))
    trainer.task = replace(trainer.task, judge_loss=lambda outputs, targets: outputs.sum() / 0)
    before = trainer.checkpoint()
    watched = take_step(trainer)
    assert watched.row is None
    assert watched.diverged.startswith("step 1: the loss is ")
    same(watched.before, watched.after)
    same(before, trainer.checkpoint())


def test_clipping_by_norm_keeps_the_direction_and_by_value_need_not():
    task = TemporalOrderConfig(length=20)
    for clip, threshold in (("norm", 0.05), ("value", 0.005)):
        training = replace(SMALL.training, clip=clip, threshold=threshold)
        watched = take_step(Trainer(replace(SMALL, task=task, training=training)))
        before, after = (
            np.concatenate([each[name].ravel() for name in each]).astype(float) for each in (watched.gradients, watched.clipped)
        )
        cosine = before @ after / np.linalg.norm(before) / np.linalg.norm(after)
        assert watched.row.clipped
        assert watched.row.cosine == pytest.approx(cosine, abs=1e-9)
        assert (cosine > 1 - 1e-9) == (clip == "norm")
        assert np.linalg.norm(after) <= np.linalg.norm(before)
