"""Take a training step with the trainer, and keep everything it did."""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from seqviz.errors import DivergenceError
from seqviz.records import StepRow
from seqviz.tasks import Batch
from seqviz.training.checkpoint import optimizer_arrays, weight_arrays
from seqviz.training.trainer import Trainer

Arrays = dict[str, np.ndarray]


@dataclass
class TakenStep:
    """A training step that was taken: its data, and every weight's way through it, by PyTorch name."""

    batch: Batch
    outputs: Tensor
    loss: float
    before: Arrays
    after: Arrays = field(default_factory=dict)
    gradients: Arrays = field(default_factory=dict)
    clipped: Arrays = field(default_factory=dict)
    state: Arrays = field(default_factory=dict)  # what the optimizer keeps once it is taken, as "weight/what"
    row: StepRow | None = None  # None where it diverged
    diverged: str = ""
    loss_after: float = float("nan")  # of the same batch


def take_step(trainer: Trainer) -> TakenStep:
    """Take ``trainer``'s next step and return what it did; where it diverges, the trainer stays as it was."""
    batch = trainer.data(trainer.steps_done)
    with torch.no_grad():
        outputs = trainer.answers(batch, trainer.steps_done)
    loss = float(trainer.task.loss(outputs, batch))
    watched = TakenStep(batch=batch, outputs=outputs, loss=loss, before=weight_arrays(trainer.model))
    _take(trainer, watched)
    watched.after, watched.state = weight_arrays(trainer.model), optimizer_arrays(trainer.model, trainer.optimizer)
    if not watched.diverged:
        with torch.no_grad():
            watched.loss_after = float(trainer.task.loss(trainer.answers(batch, trainer.steps_done - 1), batch))
    return watched


def _take(trainer: Trainer, watched: TakenStep) -> None:
    clipper = trainer.clipper

    def watching(gradients: list[Tensor], norm: Tensor, threshold: float) -> tuple[Tensor, Tensor]:
        names = [name for name, weight in trainer.model.named_parameters() if weight.grad is not None]
        watched.gradients = _copied(names, gradients)
        result = clipper(gradients, norm, threshold)
        watched.clipped = _copied(names, gradients)
        return result

    trainer.clipper = watching
    try:
        watched.row = trainer.step()
    except DivergenceError as error:
        watched.diverged = str(error)
    finally:
        trainer.clipper = clipper


def _copied(names: list[str], gradients: list[Tensor]) -> Arrays:
    return {name: gradient.detach().cpu().numpy().copy() for name, gradient in zip(names, gradients, strict=True)}
