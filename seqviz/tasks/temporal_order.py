"""Temporal order: which two of two key symbols came, and in which order."""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from seqviz.experiment.task import TemporalOrderConfig
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Task


def temporal_order_batch(
    size: int, length: int, generator: torch.Generator
) -> tuple[Float[Tensor, "batch time 6"], Int[Tensor, " batch"]]:
    """Return sequences of four distracting symbols (2 to 5) with two keys (0 or 1), and the keys' class, first + 2 × second.

    The first key is in the second tenth of the sequence, the second in the tenth after the middle.

    Source:
        Pascanu, Mikolov & Bengio (2013), section 4.1.1, as their program draws it, https://arxiv.org/abs/1211.5063
    """
    symbols = torch.randint(2, 6, (size, length), generator=generator)
    tenth = length // 10
    first = tenth + torch.randint(0, tenth, (size, 1), generator=generator)
    second = length // 2 + torch.randint(0, tenth, (size, 1), generator=generator)
    keys = torch.randint(0, 2, (size, 2), generator=generator)
    symbols.scatter_(1, torch.cat([first, second], dim=1), keys)
    return F.one_hot(symbols, 6).float(), keys[:, 0] + 2 * keys[:, 1]


def build_temporal_order(config: TemporalOrderConfig) -> Task:
    """Return the temporal order problem."""
    return Task(
        input_size=6,
        output_size=4,
        draw=lambda size, generator: temporal_order_batch(size, config.length, generator),
        judge_loss=cross_entropy,
        judge_metric=accuracy,
    )
