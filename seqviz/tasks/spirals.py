"""Spirals: points of the plane on the arms of a spiral, and which arm each is on."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.experiment.task import SpiralsConfig
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Task


def spirals_batch(
    size: int, classes: int, turns: float, noise: float, generator: torch.Generator
) -> tuple[Float[Tensor, "batch 2"], Int[Tensor, " batch"]]:
    """Return points, and the arm of each.

    A point's radius is from U(0, 1). Its angle is its arm's, and grows with the radius by ``turns`` turns, with Gaussian
    noise. The points are then scaled by √6, which makes the variance of each coordinate 1.
    """
    arms = torch.randint(0, classes, (size,), generator=generator)
    radius = torch.rand(size, generator=generator)
    angle = 2 * math.pi * (arms / classes + turns * radius) + noise * torch.randn(size, generator=generator)
    points = math.sqrt(6) * radius.unsqueeze(1) * torch.stack([angle.cos(), angle.sin()], dim=1)
    return points, arms


def build_spirals(config: SpiralsConfig) -> Task:
    """Return the spirals."""
    return Task(
        input_size=2,
        output_size=config.classes,
        draw=lambda size, generator: spirals_batch(size, config.classes, config.turns, config.noise, generator),
        judge_loss=cross_entropy,
        judge_metric=accuracy,
    )
