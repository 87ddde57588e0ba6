"""The adding problem: remember two marked numbers among many, and add them."""

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.experiment.task import AddingConfig
from seqviz.tasks.judging import share_within, squared_error
from seqviz.tasks.task import Task


def adding_batch(
    size: int, length: int, generator: torch.Generator
) -> tuple[Float[Tensor, "batch time 2"], Float[Tensor, "batch 1"]]:
    """Return numbers from U(0, 1), beside them a 1 at one place in each half, and the sum of the two marked numbers.

    Source:
        Hochreiter & Schmidhuber (1997), in the form of Le, Jaitly & Hinton (2015), https://arxiv.org/abs/1504.00941
    """
    numbers = torch.rand(size, length, generator=generator)
    first = torch.randint(0, length // 2, (size, 1), generator=generator)
    second = torch.randint(length // 2, length, (size, 1), generator=generator)
    marks = torch.zeros(size, length).scatter_(1, torch.cat([first, second], dim=1), 1.0)
    inputs = torch.stack([numbers, marks], dim=2)
    targets = (numbers * marks).sum(dim=1, keepdim=True)
    return inputs, targets


def build_adding(config: AddingConfig) -> Task:
    """Return the adding problem."""
    return Task(
        input_size=2,
        output_size=1,
        draw=lambda size, generator: adding_batch(size, config.length, generator),
        judge_loss=squared_error,
        judge_metric=share_within,
    )
