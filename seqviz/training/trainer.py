"""Training, one step at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from seqviz.errors import ConfigError
from seqviz.experiment import TASKS, Experiment
from seqviz.models import NOTHING_ASKED, AnyCaptioner, EncoderDecoder, Network, build_network, captioned, greedy
from seqviz.records import EXACT_OF, Evaluation, Probes, StepRow
from seqviz.tasks import Batch, Task, build_task
from seqviz.training.checkpoint import load_optimizer, load_weights, optimizer_arrays, weight_arrays
from seqviz.training.clipping import CLIPPERS, flattened, gradient_cosine, gradient_norm
from seqviz.training.guard import Guard
from seqviz.training.optimizers import STATES, build_optimizer
from seqviz.training.probes import probe
from seqviz.training.seeds import COINS, HELD_OUT, PROBE, TRAINING, data_seed

PROBED_SEQUENCES = 8
PROBED_POINTS = 64
EVALUATED_SEQUENCES = 1000
EVALUATED_BATCH = 4  # sentences of one length: many lengths make the mean a steady one
EXACT_BATCH = 16  # sentences of one length; a probe has many such lengths written at once


class Trainer:
    """A run in the making: its network, its optimizer, and the number of steps done.

    The seed alone draws the initial weights; the seed and the step's number alone draw a step's data. So a run goes
    on bit-identically from any :meth:`checkpoint`.

    A run with a parent begins with the parent's weights, and with its optimizer's state too if that is of the same
    kind; its steps, and so its data, go on counting from the parent's: it does ``training.steps`` more.

    Args:
        experiment: what to train.
        text: what a character language model learns from.
        start: the checkpoint to go on from: this run's own, or at first the parent's.
        device: ``cpu``, ``cuda``, ``mps`` or ``auto``.

    Raises:
        ConfigError: ``start`` is missing or of a network with other sizes, or of a step that is none of this run's.
        TextError: nothing can be learned from ``text``.
    """

    def __init__(
        self,
        experiment: Experiment,
        *,
        text: str | None = None,
        start: Mapping[str, np.ndarray] | None = None,
        device: str = "cpu",
    ) -> None:
        self.experiment = experiment
        self.device = device
        self.steps_done = experiment.first_step
        self.task = build_task(experiment.task, text=text)
        self.asked = TASKS[experiment.task.to_json()["name"]].answer  # type: ignore[index]
        self.model: Network = build_network(
            experiment.model,
            input_size=self.task.input_size,
            output_size=self.task.output_size,
            answer=self.asked,
            generator=torch.Generator().manual_seed(experiment.seed),
        ).to(device)
        self.parameters = list(self.model.parameters())
        self.optimizer = build_optimizer(experiment.training, self.parameters)
        self.generator, self.coins = torch.Generator(), torch.Generator()
        self.clipper = CLIPPERS[experiment.training.clip]
        self._begin(start)
        self.guard = Guard(self.model, self.optimizer)

    @property
    def finished(self) -> bool:
        """Whether every step of the experiment is done."""
        return self.steps_done >= self.experiment.last_step

    def step(self) -> StepRow:
        """Do one training step: forward, loss, backward, clip, update.

        Everything is computed on the device and read from it once, at the end.

        Raises:
            DivergenceError: a loss, a gradient, or a weight after the update is not finite; the update is undone.
        """
        training = self.experiment.training
        batch = self.data(self.steps_done)
        outputs = self.answers(batch, self.steps_done)
        loss = self.task.loss(outputs, batch)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        gradients = [parameter.grad for parameter in self.parameters if parameter.grad is not None]
        norm = gradient_norm(gradients)
        before = flattened(gradients)
        applied, clipped = self.clipper(gradients, norm, training.threshold)
        self.guard.keep()
        self._pace()
        self.optimizer.step()
        numbers = (loss.detach(), self.task.metric(outputs, batch), norm, applied, clipped, self.guard.largest())
        return self._row(numbers, gradient_cosine(before, before if training.clip == "off" else flattened(gradients)))

    def data(self, step: int) -> Batch:
        """Return the sequences of the training step after ``step`` others, the same at every call."""
        return self._batch(TRAINING, step, self.experiment.training.batch_size)

    def answers(self, batch: Batch, step: int | None = None) -> Tensor:
        """Return what the network answers to ``batch``; the coins of a training ``step`` are the step's own."""
        coins = None if step is None else self.coins.manual_seed(data_seed(self.experiment.seed, step, COINS))
        return self.model.answers(batch.inputs, batch.targets, coins)

    def probe(self) -> Probes:
        """Return the gradient flow and the gates of the present weights on this run's probe batch, as one row.

        Of an encoder-decoder, also the share of held-out sentences that it writes without a mistake, the same at every call.
        """
        size = PROBED_POINTS if self.asked == "point" else PROBED_SEQUENCES
        probes = probe(self.model, self.task, self._batch(PROBE, 0, size), self.steps_done)
        if self.asked != "sequence":
            return probes
        parts = [self._batch(HELD_OUT, part, EXACT_BATCH) for part in range(EXACT_OF // EXACT_BATCH)]
        return replace(probes, exact=np.array([_share_exact(cast(EncoderDecoder, self.model), self.task, *_together(parts))]))

    @torch.no_grad()
    def evaluate(self, sequences: int = EVALUATED_SEQUENCES) -> Evaluation:
        """Return loss and metric on ``sequences`` sequences that training never sees, the same at every call.

        Of sentences that are written word by word, they are with the right previous words, as in training with a teacher
        who always forces; the share that is exact is of what the network writes on its own, the likeliest word each time.
        """
        written = WRITTEN.get(self.asked)
        size = min(sequences, EVALUATED_BATCH if self.asked == "sequence" else self.experiment.training.batch_size)
        parts = -(-sequences // size)
        sums, exact = torch.zeros(2, dtype=torch.float64), []
        for part in range(parts):
            batch = self._batch(HELD_OUT, part, size)
            outputs = self.answers(batch)
            sums += torch.stack([self.task.loss(outputs, batch), self.task.metric(outputs, batch)]).cpu()
            if written is not None:
                exact.append(written(self.model, self.task, batch))
        loss, metric = (sums / parts).tolist()
        return Evaluation(loss=loss, metric=metric, sequences=parts * size, exact=sum(exact) / parts if exact else None)

    def weights(self) -> dict[str, np.ndarray]:
        """Return a copy of the weights, by their PyTorch names."""
        return weight_arrays(self.model)

    def checkpoint(self) -> dict[str, np.ndarray]:
        """Return a copy of everything needed to go on bit-identically: give it as ``start``."""
        weights = {f"model.{name}": array for name, array in self.weights().items()}
        state = {f"optimizer.{name}": array for name, array in optimizer_arrays(self.model, self.optimizer).items()}
        return {**weights, **state, "steps_done": np.array(self.steps_done)}

    def _pace(self) -> None:
        """Give the optimizer the learning rate of the step that is being done, where a schedule changes it."""
        if self.experiment.training.schedule == "constant":
            return
        rate = self.experiment.training.rate_at(self.steps_done + 1)
        for group in self.optimizer.param_groups:
            group["lr"] = rate

    def _begin(self, start: Mapping[str, np.ndarray] | None) -> None:
        first, last = self.experiment.first_step, self.experiment.last_step
        if start is None:
            if self.experiment.parent is not None:
                raise ConfigError(f"this run goes on from run {self.experiment.parent.run}, whose checkpoint is needed first")
            return
        steps_done = np.asarray(start["steps_done"]).item()
        if not first <= steps_done <= last:
            raise ConfigError(f"this run goes from step {first} to step {last}; the checkpoint is of step {steps_done}")
        load_weights(self.model, _part(start, "model."))
        load_optimizer(self.model, self.optimizer, _part(start, "optimizer."), STATES[self.experiment.training.optimizer])
        self.steps_done = steps_done

    def _batch(self, stream: int, step: int, size: int) -> Batch:
        self.generator.manual_seed(data_seed(self.experiment.seed, step, stream))
        draw = self.task.batch if stream == TRAINING else self.task.held_out
        return draw(size, self.generator).to(self.device)

    def _row(self, numbers: tuple[Tensor, ...], cosine: Tensor) -> StepRow:
        *read, turned = torch.stack([number.to(numbers[2].dtype) for number in (*numbers, cosine)]).tolist()
        if not np.isfinite(read).all():
            error = self.guard.error(self.steps_done + 1, numbers[0], numbers[2])
            self.guard.undo()
            raise error
        self.steps_done += 1
        loss, metric, norm, applied, clipped, _ = read
        return StepRow(
            step=self.steps_done, loss=loss, metric=metric, gradient_norm=norm, applied_norm=applied, clipped=bool(clipped),
            cosine=turned,
        )  # fmt: skip


def _part(arrays: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _share_exact(model: EncoderDecoder, task: Task, batch: Batch, lengths: Tensor | None = None) -> float:
    asked = batch.targets >= 0
    written = greedy(model, batch.inputs, lengths, most=batch.targets.shape[1]).tokens
    padded = F.pad(written, (0, asked.shape[1] - written.shape[1]), value=-100)
    return float(((padded == batch.targets) | ~asked).all(1).cpu().double().mean())


def _share_true(model: AnyCaptioner, task: Task, batch: Batch) -> float:
    most = batch.targets.shape[1]
    written = captioned(model, batch.inputs, most=most)
    right = task.written_right(F.pad(written, (0, most - written.shape[1]), value=NOTHING_ASKED), batch)
    return float(right.cpu().double().mean())


# The share that is right of what a network writes by itself, by how a task asks it.
WRITTEN: Mapping[str, Callable[[Any, Task, Batch], float]] = {"sequence": _share_exact, "picture": _share_true}


def _together(parts: Sequence[Batch]) -> tuple[Batch, Tensor]:
    """Return batches of sentences as one, padded at the end, and each sentence's length."""
    lengths = torch.tensor([part.inputs.shape[1] for part in parts for _ in part.inputs])
    longest, most = int(lengths.max()), max(part.targets.shape[1] for part in parts)
    inputs = torch.cat([F.pad(part.inputs, (0, longest - part.inputs.shape[1])) for part in parts])
    targets = torch.cat([F.pad(part.targets, (0, most - part.targets.shape[1]), value=-100) for part in parts])
    return Batch(inputs=inputs, targets=targets), lengths
