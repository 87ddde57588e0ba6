"""How strongly a loss depends on each state of a recurrent network whose connections are dropped."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from seqviz.models.cells import named_weights
from seqviz.models.dropout import draw_masks, masked_scan, places_of


def masked_flow(
    rnn: Any, inputs: Tensor, loss: Callable[[Tensor], Tensor], where: str, rate: float, coins: torch.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return the last layer's states (batch, time, unit), read forward, and the norms of ∂L/∂h there (batch, time).

    Every layer is written out step by step, since only then a gradient is to be had at a state that the next step reads too.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU`` or a recurrent module of seqviz, with biases; its ``.grad`` is left alone.
        inputs: sequences (batch, time, input).
        loss: takes the last layer's states (batch, time, state), of both directions, and returns one value.
        where: ``layers``, ``recurrent`` or ``variational``.
        rate: the probability of being dropped.
        coins: draws the masks that :func:`seqviz.models.dropout.dropped_states` draws from it.
    """
    places, units = places_of(rnn, where)
    masks = draw_masks(where, rate, (places, inputs.shape[1], inputs.shape[0], units), coins).to(inputs)
    values, directions = inputs.detach().transpose(0, 1).requires_grad_(), 2 if rnn.bidirectional else 1
    with torch.enable_grad():
        for layer in range(rnn.num_layers):
            if where == "layers" and layer:
                values = values * masks[layer - 1]
            kept = None if where == "layers" else masks[layer * directions :]
            passes = [_read(rnn, values, layer, backward, kept) for backward in range(directions)]
            values = torch.cat([torch.stack(states) for states in passes], dim=-1)
        gradients = torch.autograd.grad(loss(values.transpose(0, 1)), passes[0])
    norms = torch.stack([torch.linalg.vector_norm(each, dim=-1) for each in gradients], dim=1)
    return torch.stack(passes[0], dim=1).detach().numpy(), norms.numpy()


def _read(rnn: Any, values: Tensor, layer: int, backward: int, masks: Tensor | None) -> list[Tensor]:
    """Return one layer's states in one direction, in the order of time; without masks its recurrent matrix reads all."""
    ordered = values.flip(0) if backward else values
    place = layer * (2 if rnn.bidirectional else 1) + backward
    kept = values.new_ones(len(values), 1, 1) if masks is None else masks[backward]
    states = masked_scan(rnn, ordered, named_weights(rnn, place), kept)
    return states[::-1] if backward else states
