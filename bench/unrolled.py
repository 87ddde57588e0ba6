"""What the traces are measured against: cells unrolled step by step, as one writes them to look inside, and autograd."""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

States = list[Tensor]


Gates = tuple[Tensor, ...]
Step = Callable[[Tensor, tuple[Tensor, ...], Sequence[Tensor]], tuple[tuple[Tensor, ...], Gates]]


def unroll(rnn: nn.RNNBase, inputs: Tensor) -> tuple[Tensor, list[States], list[Gates]]:
    """Return the outputs, all states (h, and for an LSTM c) as nodes of the graph, and every step's gates."""
    hidden = inputs.new_zeros(inputs.shape[1], rnn.hidden_size)
    state: tuple[Tensor, ...] = (hidden, hidden) if rnn.mode == "LSTM" else (hidden,)
    history: list[States] = [[] for _ in state]
    gates, weights, step = [], rnn.all_weights[0], STEPS[rnn.mode]
    for one in inputs.unbind(0):
        state, own = step(one, state, weights)
        gates.append(own)
        for past, now in zip(history, state, strict=True):
            past.append(now)
    return torch.stack(history[0]), history, gates


def _lstm(x: Tensor, state: tuple[Tensor, ...], weights: Sequence[Tensor]) -> tuple[tuple[Tensor, ...], Gates]:
    weight, recurrent, bias, recurrent_bias = weights
    i, f, g, o = (F.linear(x, weight, bias) + F.linear(state[0], recurrent, recurrent_bias)).chunk(4, dim=1)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    cell = f * state[1] + i * g
    return (o * cell.tanh(), cell), (i, f, g, o)


def _gru(x: Tensor, state: tuple[Tensor, ...], weights: Sequence[Tensor]) -> tuple[tuple[Tensor, ...], Gates]:
    weight, recurrent, bias, recurrent_bias = weights
    x_r, x_z, x_n = F.linear(x, weight, bias).chunk(3, dim=1)
    h_r, h_z, h_n = F.linear(state[0], recurrent, recurrent_bias).chunk(3, dim=1)
    r, z = (x_r + h_r).sigmoid(), (x_z + h_z).sigmoid()
    n = (x_n + r * h_n).tanh()
    return (n + z * (state[0] - n),), (r, z, n)


def _rnn(x: Tensor, state: tuple[Tensor, ...], weights: Sequence[Tensor]) -> tuple[tuple[Tensor, ...], Gates]:
    weight, recurrent, bias, recurrent_bias = weights
    return ((F.linear(x, weight, bias) + F.linear(state[0], recurrent, recurrent_bias)).tanh(),), ()


STEPS: Mapping[str, Step] = {"LSTM": _lstm, "GRU": _gru, "RNN_TANH": _rnn}


def keep_gates(rnn: nn.RNNBase, inputs: Tensor) -> list[Tensor]:
    """Return all states and gates of the unrolled cells, stacked over time; autograd records unless switched off."""
    output, states, gates = unroll(rnn, inputs)
    kept = [output, *(torch.stack(one) for one in states[1:]), *(torch.stack(one) for one in zip(*gates, strict=True))]
    return [one.detach() for one in kept]


def retained_gradients(rnn: nn.RNNBase, inputs: Tensor, loss: Callable[[Tensor], Tensor]) -> list[Tensor]:
    """Return the norms of ∂L/∂(every state) by ``retain_grad`` and one ``backward``."""
    output, states, _ = unroll(rnn, inputs)
    for one in states:
        for state in one:
            state.retain_grad()
    loss(output).backward()
    rnn.zero_grad()
    return [torch.stack([_grad(state) for state in one]).norm(dim=-1) for one in states]


def map_by_backward(rnn: nn.RNNBase, inputs: Tensor, losses: Callable[[Tensor], Tensor]) -> list[Tensor]:
    """Return the T×T norms by one ``backward`` for each loss."""
    output, states, _ = unroll(rnn, inputs)
    flat = [state for one in states for state in one]
    for state in flat:
        state.retain_grad()
    rows = []
    for loss in losses(output).unbind(0):
        loss.backward(retain_graph=True)
        rows.append(torch.stack([_grad(state) for state in flat if state.grad is not None]).norm(dim=-1))
        for state in flat:
            state.grad = None
    rnn.zero_grad()
    return rows


def map_by_grad(rnn: nn.RNNBase, inputs: Tensor, losses: Callable[[Tensor], Tensor]) -> list[Tensor]:
    """Return the T×T norms by one ``autograd.grad`` for each loss, asked only for the states that it depends on."""
    output, states, _ = unroll(rnn, inputs)
    rows = []
    for time, loss in enumerate(losses(output).unbind(0)):
        asked = [state for one in states for state in one[: time + 1]]
        rows.append(torch.stack(torch.autograd.grad(loss, asked, retain_graph=True)).norm(dim=-1))
    return rows


def _grad(state: Tensor) -> Tensor:
    assert state.grad is not None
    return state.grad
