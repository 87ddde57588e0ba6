"""Stacked recurrent layers one step at a time, on the weights of recurrent modules."""

from typing import Any

import torch
from torch import Tensor, nn

from seqviz.models.cells import KINDS
from seqviz.models.cells import State as State


def advance(rnn: nn.RNNBase, inputs: Tensor, state: State) -> State:
    """Return the state of every layer after one more step.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU`` or a recurrent module of seqviz, of one direction, with biases.
        inputs: what the first layer reads, (batch, input).
        state: before the step, each part (layer, batch, unit).
    """
    layers = []
    for layer, weights in enumerate(rnn.all_weights):
        before = tuple(part[layer] for part in state)
        after = KINDS[rnn.mode].cell(inputs, before if len(before) == 2 else before[0], *weights)
        layers.append(as_state(after))
        inputs = layers[-1][0]
    if len(layers) == 1:
        return tuple(part.unsqueeze(0) for part in layers[0])  # stacking would copy
    return tuple(torch.stack(parts) for parts in zip(*layers, strict=True))


def as_state(state: Tensor | tuple[Tensor, Tensor]) -> State:
    """Return a module's state as a tuple, whatever the cell."""
    return state if isinstance(state, tuple) else (state,)


def as_module_state(state: State) -> Any:
    """Return a state as ``nn.LSTM``, or else ``nn.GRU`` and ``nn.RNN``, take it."""
    return state if len(state) == 2 else state[0]
