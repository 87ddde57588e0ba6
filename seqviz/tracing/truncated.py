"""How strongly a loss depends on each state of a recurrent network whose gradient is cut in training."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from seqviz.models.cells import KINDS, State, driven, named_weights


def truncated_flow(
    rnn: Any, inputs: Tensor, loss: Callable[[Tensor], Tensor], window: int, stride: int, *, carried: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the last layer's states (batch, time, unit) and the norms of ∂L/∂h there (batch, time), with the gradient cut.

    Every piece is written out step by step; a state that two windows read has the sum of both gradients.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU`` or a recurrent module of seqviz, with biases and in one direction; its
            ``.grad`` is left alone.
        inputs: sequences (batch, time, input).
        loss: takes the last layer's states (batch, time, state), and returns one value.
        window, stride, carried: as :func:`seqviz.models.truncated.truncated_states` takes them.
    """
    values, time = inputs.detach().transpose(0, 1), inputs.shape[1]
    zeros = values.new_zeros(values.shape[1], rnn.hidden_size)
    nothing: list[State] = [(zeros,) * KINDS[rnn.mode].states for _ in range(rnn.num_layers)]
    with torch.no_grad():
        whole = _scan(rnn, values, nothing)
    read: list[Tensor] = []
    copies: list[tuple[int, Tensor]] = []  # the step of each state that is read
    with torch.enable_grad():
        for first in range(0, time, stride):
            start, end = max(0, first + stride - window), min(first + stride, time)
            begin = whole[start - 1] if carried and start else nothing
            states = [step[-1][0] for step in _scan(rnn, values[start:end].clone().requires_grad_(), begin)]
            copies += list(enumerate(states, start=start))
            read += states[first - start :]
        gradients = torch.autograd.grad(loss(torch.stack(read, dim=1)), [state for _, state in copies], allow_unused=True)
    total = torch.zeros_like(torch.stack(read))
    for (step, _), gradient in zip(copies, gradients, strict=True):
        if gradient is not None:
            total[step] += gradient
    norms = torch.linalg.vector_norm(total, dim=-1).transpose(0, 1)
    return torch.stack(read, dim=1).detach().numpy(), norms.numpy()


def _scan(rnn: Any, values: Tensor, begin: list[State]) -> list[list[State]]:
    """Return the states of every layer, step by step."""
    layers = []
    for layer in range(rnn.num_layers):
        weights, state, states = named_weights(rnn, layer), begin[layer], []
        for drive in driven(values, weights).unbind(0):
            state = KINDS[rnn.mode].step(drive, state[0], state, weights)
            states.append(state)
        values = torch.stack([each[0] for each in states])
        layers.append(states)
    return [list(step) for step in zip(*layers, strict=True)]
