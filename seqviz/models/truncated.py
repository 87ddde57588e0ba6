"""Truncated backpropagation through time: a sequence is read piece by piece, and no gradient passes a piece's beginning.

Source:
    Williams & Peng (1990), https://doi.org/10.1162/neco.1990.2.4.490, BPTT(window; stride)
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor


def truncated_states(
    rnn: Any, inputs: Float[Tensor, "batch time input"], window: int, stride: int, *, carried: bool
) -> Float[Tensor, "batch time state"]:
    """Return the last layer's states; every ``stride`` steps the gradient is cut, ``window`` steps before the next cut.

    Where windows overlap, the steps of the overlap are read again, so that the losses of each stride reach back into it.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU`` or a recurrent module of seqviz, batch first and in one direction.
        inputs: sequences.
        window: steps that a gradient goes back through at most.
        stride: steps between two cuts, at most ``window``.
        carried: whether a piece begins with the state that the one before it reached, else with zeros.
    """
    pieces, begun, state = [], 0, None  # state: before step ``begun``
    for first in range(0, inputs.shape[1], stride):
        start, end = max(0, first + stride - window), min(first + stride, inputs.shape[1])
        if carried and begun < start:
            with torch.no_grad():
                state, begun = rnn(inputs[:, begun:start], state)[1], start
        states, final = rnn(inputs[:, start:end], state)
        pieces.append(states[:, first - start :])
        if carried and window == stride:
            state, begun = detached(final), end
    return torch.cat(pieces, dim=1)


def detached(state: Any) -> Any:
    """Return a state that no gradient passes: a tensor, or an LSTM's two."""
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
