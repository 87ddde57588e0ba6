"""Copying memory: carry ten symbols over a delay, and give them back in order."""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from seqviz.experiment.task import CopyingConfig
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Task


def copying_batch(
    size: int, length: int, generator: torch.Generator
) -> tuple[Float[Tensor, "batch time 10"], Int[Tensor, "batch time"]]:
    """Return ten symbols, length - 1 blanks, a signal and ten blanks; the answer is blank, and at last the ten symbols.

    Source:
        Arjovsky, Shah & Bengio (2016), section 5.1, https://arxiv.org/abs/1511.06464
    """
    remembered = torch.randint(0, 8, (size, 10), generator=generator)
    symbols = torch.full((size, length + 20), 8)  # 8 is the blank
    symbols[:, :10] = remembered
    symbols[:, length + 9] = 9  # the signal
    targets = torch.full((size, length + 20), 8)
    targets[:, -10:] = remembered
    return F.one_hot(symbols, 10).float(), targets


def share_recalled(outputs: Float[Tensor, "batch time symbol"], targets: Int[Tensor, "batch time"]) -> Float[Tensor, ""]:
    """Return the share of the last ten symbols that are given back right."""
    return accuracy(outputs[:, -10:], targets[:, -10:])


def build_copying(config: CopyingConfig) -> Task:
    """Return copying memory."""
    return Task(
        input_size=10,
        output_size=9,
        draw=lambda size, generator: copying_batch(size, config.length, generator),
        judge_loss=cross_entropy,
        judge_metric=share_recalled,
    )
