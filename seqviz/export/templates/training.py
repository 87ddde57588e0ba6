"""A script's training: its steps, and what it writes down."""

import csv
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from seqviz.experiment import TrainingConfig
from seqviz.export.plan import PLAN
from seqviz.export.templates.networks import build_network
from seqviz.tasks.task import Draw, Task
from seqviz.training.clipping import CLIPPERS, Clipped, Scalar, gradient_norm
from seqviz.training.optimizers import BUILDERS
from seqviz.training.seeds import COINS, data_seed

RATES: Mapping[str, Callable[[TrainingConfig], Callable[[int], float]]] = {
    "constant": lambda training: constant(training.learning_rate),
    "noam": lambda training: noam(training.learning_rate, training.warmup),
}


def constant(rate: float) -> Callable[[int], float]:
    """Return the learning rate of each training step: always the same."""
    return lambda step: rate


def noam(highest: float, warmup: int) -> Callable[[int], float]:
    """Return the learning rate of each training step, which rises for ``warmup`` steps and then falls as one over √step."""
    return lambda step: highest * min(step / warmup, math.sqrt(warmup / step))


def train(  # noqa: PLR0913  all that a student may want to change
    task: Task,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    draw: Draw,
    *,
    batch_size: int,
    steps: range,
    seed: int,
    clip: Callable[[list[Tensor], Scalar, Any], Clipped],
    threshold: float | None = None,
    rate: Callable[[int], float] | None = None,
) -> list[list[float]]:
    """Do one training step for each number in ``steps``; return a row of metrics for each."""
    rows: list[list[float]] = []
    for step in steps:
        # The data of a step follow from the seed and the step's number alone.
        inputs, targets = draw(batch_size, torch.Generator().manual_seed(data_seed(seed, step)))
        if PLAN.tosses_coins:  # each step draws what is dropped or forced anew
            coins = torch.Generator().manual_seed(data_seed(seed, step, COINS))
        if PLAN.reads_targets:
            outputs = network(inputs, targets, coins) if PLAN.tosses_coins else network(inputs, targets)
        else:
            outputs = network(inputs, coins) if PLAN.tosses_coins else network(inputs)
        loss = task.judge_loss(outputs, targets)
        metric = task.judge_metric(outputs.detach(), targets)

        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        gradients = [weight.grad for weight in network.parameters() if weight.grad is not None]
        norm = gradient_norm(gradients)
        applied_norm, clipped = clip(gradients, norm, threshold)
        if PLAN.is_paced:
            assert rate is not None, "a schedule has rates"
            for group in optimizer.param_groups:
                group["lr"] = rate(step + 1)
        optimizer.step()

        row = [loss.item(), metric.item(), norm.item(), applied_norm.item()]
        if not all(map(math.isfinite, row)) or not all(weight.isfinite().all() for weight in network.parameters()):
            print(f"step {step + 1}: something is not finite any more, so training ends here")
            break
        rows.append([step + 1, *row, int(clipped)])
        if len(rows) % 50 == 1:
            print(f"step {step + 1}: loss {loss.item():.4f}, gradient norm {norm.item():.3g}")
    return rows


def main() -> None:
    """Train, and write the metrics down."""
    task = PLAN.stages[0].task
    optimizer: torch.optim.Optimizer
    network = build_network(task.input_size, task.output_size)
    for stage in PLAN.stages:
        if stage.keeps_state:
            state = optimizer.state  # noqa: F821  that of the stage before
        optimizer = BUILDERS[stage.training.optimizer](network.parameters(), stage.training)
        if stage.keeps_state:
            optimizer.state = state  # what it keeps goes on too
        rows = train(
            task,
            network,
            optimizer,
            stage.task.draw,
            batch_size=stage.training.batch_size,
            steps=range(stage.experiment.first_step, stage.end),
            seed=stage.experiment.seed,
            clip=CLIPPERS[stage.training.clip],
            threshold=None if stage.training.clip == "off" else stage.training.threshold,
            rate=None if not PLAN.is_paced else RATES[stage.training.schedule](stage.training),
        )
    with Path("metrics.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["step", "loss", "metric", "gradient_norm", "applied_norm", "clipped"])
        writer.writerows(rows)
