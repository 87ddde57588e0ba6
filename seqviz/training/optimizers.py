"""The optimizers, as PyTorch has them."""

from collections.abc import Callable, Iterable, Mapping

import torch
from torch import nn

from seqviz.experiment.training import TrainingConfig
from seqviz.registry import look_up

Build = Callable[[Iterable[nn.Parameter], TrainingConfig], torch.optim.Optimizer]

BUILDERS: Mapping[str, Build] = {
    "sgd": lambda weights, training: torch.optim.SGD(weights, lr=training.learning_rate),
    "momentum": lambda weights, training: torch.optim.SGD(weights, lr=training.learning_rate, momentum=training.momentum),
    "rmsprop": lambda weights, training: torch.optim.RMSprop(weights, lr=training.learning_rate),
    "adam": lambda weights, training: torch.optim.Adam(weights, lr=training.learning_rate),
    "adadelta": lambda weights, training: torch.optim.Adadelta(weights, lr=training.learning_rate),
}

STATES: Mapping[str, frozenset[str]] = {  # what each keeps for every weight, by torch.optim's names
    "sgd": frozenset(),
    "momentum": frozenset({"momentum_buffer"}),
    "rmsprop": frozenset({"step", "square_avg"}),
    "adam": frozenset({"step", "exp_avg", "exp_avg_sq"}),
    "adadelta": frozenset({"step", "square_avg", "acc_delta"}),
}


def build_optimizer(training: TrainingConfig, weights: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Return the optimizer that ``training`` names, for ``weights``; what it does not name is PyTorch's default."""
    return look_up(BUILDERS, training.optimizer, "optimizer")(weights, training)
