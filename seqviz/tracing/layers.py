"""How much of a loss's gradient each layer of a feed-forward network gets."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.models.feedforward import Feedforward
from seqviz.records import Agreement, LayerGradients
from seqviz.tracing.agreement import agreement_at_once

Judge = Callable[[Tensor], Tensor]  # answers (…, batch, output) → the loss (…), summed over the points


def layer_gradients(network: Feedforward, inputs: Tensor, loss: Judge) -> LayerGradients:
    """Return the size of the gradient at each layer's state and at its weights.

    Args:
        network: left as it is, its ``.grad`` too.
        inputs: points.
        loss: takes the network's answers and returns their loss, summed over the points.
    """
    wanted = [weight for linear in network.linears for name, weight in linear.named_parameters() if name == "weight"]
    with _needing_gradients(wanted), torch.enable_grad():
        states = network.states(inputs)
        found = torch.autograd.grad(loss(network.read([inputs, *states])), [*states, *wanted])
    at_states, at_weights = found[: len(states)], found[len(states) :]
    return LayerGradients(
        state_norms=_numpy([torch.linalg.vector_norm(each, dim=1) for each in at_states]),
        weight_sums=_numpy([each.abs().sum() / len(inputs) for each in at_weights]),
        state_sizes=_numpy([state.square().mean().sqrt() for state in states]),
    )


@contextmanager
def _needing_gradients(weights: list[nn.Parameter]) -> Iterator[None]:
    """Let autograd reach the weights for as long as the block lasts, however it ends."""
    needed = [weight.requires_grad for weight in weights]
    for weight in weights:
        weight.requires_grad_(True)
    try:
        yield
    finally:
        for weight, was in zip(weights, needed, strict=True):
            weight.requires_grad_(was)


@torch.no_grad()
def layer_agreement(network: Feedforward, inputs: Tensor, loss: Judge, layer: int) -> Agreement:
    """Hold the gradient at one layer's state (0 is the lowest) against central finite differences.

    The states of all points are nudged along one direction, half the gradient's own and half random, and the layers above
    are run again. Give a network and points in float64.
    """
    before = network.states(inputs)[: layer + 1]
    with torch.enable_grad():
        state = before[-1].clone().requires_grad_(True)
        (gradient,) = torch.autograd.grad(_above(network, [inputs, *before[:-1], state], loss), state)

    def nudged(nudges: Tensor) -> Tensor:
        below = [each.expand(len(nudges), *each.shape) for each in (inputs, *before[:-1])]
        return _above(network, [*below, before[-1] + nudges], loss)

    return agreement_at_once(gradient, nudged)


def _above(network: Feedforward, known: list[Tensor], loss: Judge) -> Tensor:
    """Return the loss, given the inputs and the states of the lowest layers."""
    return loss(network.read([known[0], *network.states(known[0], known[1:])]))


def _numpy(values: list[Tensor]) -> np.ndarray:
    return np.asarray(torch.stack(values).detach().cpu().numpy())
