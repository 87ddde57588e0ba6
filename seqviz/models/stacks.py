"""Stacked recurrent layers one step at a time, on the weights of PyTorch's own modules."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

State = tuple[Tensor, ...]  # (hidden,) or (hidden, cell), each (layer, batch, unit)

CELL_MODULES: Mapping[str, Callable[..., nn.RNNBase]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}

_STEPS: Mapping[str, Callable[..., Any]] = {"RNN_TANH": torch.rnn_tanh_cell, "LSTM": torch.lstm_cell, "GRU": torch.gru_cell}


def advance(rnn: nn.RNNBase, inputs: Tensor, state: State) -> State:
    """Return the state of every layer after one more step.

    Args:
        rnn: an ``nn.RNN`` (tanh), ``nn.LSTM`` or ``nn.GRU`` of one direction, with biases.
        inputs: what the first layer reads, (batch, input).
        state: before the step.
    """
    step, layers = _STEPS[rnn.mode], []
    for layer, weights in enumerate(rnn.all_weights):
        before = tuple(part[layer] for part in state)
        after = step(inputs, before if len(before) == 2 else before[0], *weights)
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
