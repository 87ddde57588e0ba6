"""Each optimizer moves the weights exactly as torch.optim's does in a bare loop."""

import copy

import pytest
import torch

from seqviz.experiment import OPTIMIZERS, Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.training import Trainer
from seqviz.training.optimizers import BUILDERS, STATES
from seqviz.training.seeds import data_seed

THEIRS = {
    "sgd": lambda weights: torch.optim.SGD(weights, lr=0.05),
    "momentum": lambda weights: torch.optim.SGD(weights, lr=0.05, momentum=0.8),
    "rmsprop": lambda weights: torch.optim.RMSprop(weights, lr=0.05),
    "adam": lambda weights: torch.optim.Adam(weights, lr=0.05),
    "adadelta": lambda weights: torch.optim.Adadelta(weights, lr=0.05),
}


def experiment(optimizer, **more):
    training = TrainingConfig(optimizer=optimizer, learning_rate=0.05, momentum=0.8, batch_size=4, steps=8, **more)
    return Experiment(task=AddingConfig(length=7), model=RecurrentConfig(name="gru", hidden_size=5), training=training)


def test_every_optimizer_has_its_builder():
    assert OPTIMIZERS.keys() == BUILDERS.keys() == STATES.keys() == THEIRS.keys()


def bare_loop(trainer, optimizer, clip):
    model = copy.deepcopy(trainer.model)
    theirs = THEIRS[optimizer](model.parameters())
    for step in range(8):
        batch = trainer.task.batch(4, torch.Generator().manual_seed(data_seed(0, step)))
        theirs.zero_grad()
        torch.nn.functional.mse_loss(model(batch.inputs), batch.targets).backward()
        clip(model.parameters())
        theirs.step()
    return model.state_dict(), theirs


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_optimizer_equals_torch_optim_without_clipping(optimizer):
    trainer = Trainer(experiment(optimizer, clip="off"))
    expected, theirs = bare_loop(trainer, optimizer, clip=lambda weights: None)
    for _ in range(8):
        trainer.step()
    torch.testing.assert_close(trainer.model.state_dict(), expected, rtol=1e-6, atol=1e-7)
    kept = {name for state in theirs.state.values() for name, value in state.items() if isinstance(value, torch.Tensor)}
    assert kept == STATES[optimizer]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_optimizer_equals_torch_optim_under_the_same_clipping(optimizer):
    trainer = Trainer(experiment(optimizer, clip="norm", threshold=0.1))
    expected, _ = bare_loop(trainer, optimizer, clip=lambda weights: torch.nn.utils.clip_grad_norm_(weights, 0.1))
    rows = [trainer.step() for _ in range(8)]
    assert any(row.clipped for row in rows)
    # PyTorch divides by norm + 1e-6; where a gradient is nearly 0, Adam and its kin make much of that
    torch.testing.assert_close(trainer.model.state_dict(), expected, rtol=1e-3, atol=1e-4)
