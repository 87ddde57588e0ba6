"""Feed-forward networks, and the gradient at each of their layers."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from seqviz.admission import check_weights
from seqviz.errors import LimitError, StoreError
from seqviz.experiment.feedforward import FeedforwardConfig
from seqviz.experiment.task import SpiralsConfig
from seqviz.models.feedforward import Feedforward, build_feedforward
from seqviz.records import Agreement, LayerGradients
from seqviz.records.learning import WINDOW
from seqviz.settings import settings
from seqviz.store import Store
from seqviz.subjects.layers import UntrainedFeedforward
from seqviz.tasks import Batch, build_task
from seqviz.tracing.layers import layer_agreement, layer_gradients


def answer_layers(subject: UntrainedFeedforward) -> LayerGradients:
    """Return the gradient of the summed loss at each layer of an untrained network, in float64.

    Raises:
        LimitError: the network is larger than this server allows.
    """
    network, batch = _opened(subject)
    return layer_gradients(network, batch.inputs, lambda answers: _summed(answers, batch))


def answer_layers_agreement(subject: UntrainedFeedforward) -> Agreement:
    """Return how the gradient at one layer agrees with finite differences.

    Raises:
        LimitError: the network is larger than this server allows.
    """
    network, batch = _opened(subject)
    layer = min(subject.layer, subject.depth) - 1
    return layer_agreement(network, batch.inputs, lambda answers: _summed(answers, batch), layer)


def _opened(subject: UntrainedFeedforward) -> tuple[Feedforward, Batch]:
    limits = settings().limits
    limits.check(depth=subject.depth, hidden_size=subject.hidden_size)
    if subject.points > limits.batch_size:
        raise LimitError(f"points may be at most {limits.batch_size:,} on this server, got {subject.points:,}")
    check_weights(subject, limits)
    return _built(replace(subject, layer=1))


@lru_cache(maxsize=4)  # one of each kind of connections: checks follow on the figure of the same networks
def _built(subject: UntrainedFeedforward) -> tuple[Feedforward, Batch]:
    generator = torch.Generator().manual_seed(subject.seed)
    config = FeedforwardConfig(**{name: getattr(subject, name) for name in FeedforwardConfig.rules()})
    task = build_task(SpiralsConfig())
    network = build_feedforward(config, input_size=task.input_size, output_size=task.output_size, generator=generator)
    batch = task.batch(subject.points, generator)
    return network.double().requires_grad_(False), Batch(inputs=batch.inputs.double(), targets=batch.targets)


def _summed(answers: Tensor, batch: Batch) -> Tensor:
    right = batch.targets.expand(answers.shape[:-1]).unsqueeze(-1)
    return -F.log_softmax(answers, dim=-1).gather(-1, right).flatten(-2).sum(-1)


def measure_layers(store: Store, run_id: str) -> dict[str, float]:
    """Return where a feed-forward network's loss and accuracy ended: the means of the last 50 training steps.

    Raises:
        StoreError: there is no such run.
    """
    run = store.run(run_id)
    return {name: float(np.mean(getattr(run.metrics, name)[-WINDOW:])) for name in ("loss", "metric")}


def measure_reach(store: Store, run_id: str) -> dict[str, float]:
    """Return how a feed-forward network did, and the first layer's ‖∂L/∂h‖ over the last's, before training and at its end.

    Raises:
        StoreError: there is no such run, or it is of no feed-forward network.
    """
    probes = store.run(run_id).probes
    if probes is None or probes.weight_sums is None:
        raise StoreError(f"run {run_id} is of no feed-forward network")
    norms = probes.hidden_norms[:, :, 0, 0].astype(float)
    reach = {"before": float(norms[0, 0] / norms[0, -1]), "after": float(norms[-1, 0] / norms[-1, -1])}
    return measure_layers(store, run_id) | reach


def layer_curves(store: Store, run_id: str) -> dict[str, Sequence[float]]:
    """Return the sums of |∂L̄/∂W_l| over a run, by layer ("1" is the lowest), at the training steps under "step".

    Raises:
        StoreError: there is no such run.
    """
    probes = store.run(run_id).probes
    if probes is None or probes.weight_sums is None:
        raise StoreError(f"run {run_id} is of no feed-forward network")
    sums = {str(layer + 1): [float(f"{one:.4g}") for one in column] for layer, column in enumerate(probes.weight_sums.T)}
    return {"step": [float(step) for step in probes.step], **sums}
