"""The lag task: name the symbol of some steps ago, or noise that only looks like it."""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from seqviz.experiment.task import LagConfig
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Task


def lag_batch(
    size: int, length: int, lag: int, dependent: bool, generator: torch.Generator
) -> tuple[Float[Tensor, "batch time 4"], Int[Tensor, "batch time"]]:
    """Return sequences over four symbols, and at every step the symbol of ``lag`` steps ago (-100 before there is one).

    Where the answer does not depend on the past, it is drawn from the same four symbols on its own.
    """
    symbols = torch.randint(0, 4, (size, length), generator=generator)
    source = symbols if dependent else torch.randint(0, 4, (size, length), generator=generator)
    targets = torch.full((size, length), -100)
    targets[:, lag:] = source[:, : length - lag]
    return F.one_hot(symbols, 4).float(), targets


def build_lag(config: LagConfig) -> Task:
    """Return the lag task."""
    return Task(
        input_size=4,
        output_size=4,
        draw=lambda size, generator: lag_batch(size, config.length, config.lag, config.dependent, generator),
        judge_loss=cross_entropy,
        judge_metric=accuracy,
    )
