"""What every task is made of: batches with known answers, a loss and a metric."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

Draw = Callable[[int, torch.Generator], tuple[Tensor, Tensor]]
Judge = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Sequences, or points, and what should be answered to them.

    ``inputs`` are (batch, time, input) numbers, for an encoder (batch, source) symbols, pictures, or points. ``targets`` are
    (batch, 1) numbers, (batch,) classes, or (batch, time) classes with -100 where nothing is asked.
    """

    inputs: (
        Float[Tensor, "batch time input"]
        | Int[Tensor, "batch source"]
        | Float[Tensor, "batch height width colour"]
        | Float[Tensor, "batch input"]
    )
    targets: Tensor

    def to(self, device: torch.device | str) -> "Batch":
        """Return the same batch on ``device``."""
        return Batch(inputs=self.inputs.to(device), targets=self.targets.to(device))


@dataclass(frozen=True, kw_only=True)
class Task:
    """A problem a network can be trained on; :func:`seqviz.tasks.build_task` makes it from its settings."""

    input_size: int
    output_size: int
    draw: Draw = field(repr=False)  # (size, generator) → inputs, targets
    judge_loss: Judge = field(repr=False)  # (outputs, targets) → scalar, to be made small
    judge_metric: Judge = field(repr=False)  # (outputs, targets) → scalar in [0, 1]
    draw_held_out: Draw | None = field(default=None, repr=False)  # where fresh data are not simply more of the same
    judge_written: Judge | None = field(default=None, repr=False)  # (written, targets) → which are right; None: none is asked
    vocabulary: str | None = None  # what is kept with the weights, so that symbols can be read: characters, or words as JSON

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Return ``size`` sequences to learn from, drawn by ``generator`` (a CPU generator) alone."""
        inputs, targets = self.draw(size, generator)
        return Batch(inputs=inputs, targets=targets)

    def held_out(self, size: int, generator: torch.Generator) -> Batch:
        """Return ``size`` sequences that :meth:`batch` does not give, to be judged by."""
        inputs, targets = (self.draw_held_out or self.draw)(size, generator)
        return Batch(inputs=inputs, targets=targets)

    def loss(self, outputs: Tensor, batch: Batch) -> Float[Tensor, ""]:
        """Return the mean loss of the network's ``outputs``."""
        return self.judge_loss(outputs, batch.targets)

    def written_right(self, written: Tensor, batch: Batch) -> Bool[Tensor, " batch"]:
        """Return which of the captions that a network wrote on its own are true; after an end both have -100."""
        assert self.judge_written is not None, "nothing is written in this task"
        return self.judge_written(written, batch.targets)

    def metric(self, outputs: Tensor, batch: Batch) -> Float[Tensor, ""]:
        """Return the task's metric, a share in [0, 1], of the network's ``outputs``."""
        return self.judge_metric(outputs.detach(), batch.targets)
