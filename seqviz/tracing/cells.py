"""The mathematics of each cell: its gates from its states, and its local derivatives from its gates.

Everything is one product or one elementwise expression over all steps; only the LSTM's cell state needs a scan.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from seqviz.tracing.network import Weights


@dataclass(frozen=True)
class Replay:
    """What a cell did at every step, recomputed from what it read and the states it was in."""

    hidden: Tensor  # (time, batch, unit)
    previous: Tensor  # the hidden state before each step
    gates: Tensor | None = None  # (time, batch, gate, unit), after their activations
    cell: Tensor | None = None  # an LSTM's cell state
    previous_cell: Tensor | None = None
    inner: Tensor | None = None  # a GRU's W_hn h + b_hn, which the reset gate multiplies


@dataclass(frozen=True)
class Nested:
    """A gate that multiplies the state which the last gate's recurrent matrix reads: it acts through that product alone."""

    gate: int  # which
    value: Tensor  # (time, batch, unit): what it multiplies the state by
    slope: Tensor  # ∂(the product of gate and state)/∂(the gate's pre-activation)


@dataclass(frozen=True)
class Factors:
    """A cell's local derivatives at every step, as they multiply a gradient on its way back.

    A gate's pre-activation gets its gradient from h, or where there is a cell state from c (all gates but the output gate,
    which is last). Gates that read the cell state unit by unit (peepholes) do so within ``keep`` and ``into_cell``. Where no
    recurrent matrix reads the hidden state (a scan), it is ``keep`` alone that carries a gradient back.
    """

    gates: Tensor  # (time, batch, gate, unit): ∂(h or c)/∂(gate's recurrent pre-activation); 0 of a nested gate
    input_gates: Tensor  # likewise, of the pre-activation that the input reaches; the same where the two are one
    keep: Tensor | None = None  # (time, batch, unit): ∂h_t/∂h_{t-1} or, with a cell state, ∂c_t/∂c_{t-1} past the matrices
    into_cell: Tensor | None = None  # ∂h_t/∂c_t; None without a cell state
    nested: Nested | None = None  # of a cell without a cell state


@dataclass(frozen=True)
class Cell:
    """The mathematics of one kind of cell."""

    gates: tuple[str, ...]  # names, in the order of the stacked weights
    replay: Callable[[Weights, Tensor, Tensor, Tensor, Tensor | None], Replay]
    factors: Callable[[Weights, Replay], Factors]
    slope: float | None = None  # γ: the largest |φ'| of a plain RNN's activation
    hidden: Callable[[Weights, Replay, int, Tensor], Tensor] | None = None  # h at a step, were its cell state another


def _product(values: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    rows = values.reshape(-1, values.shape[-1])
    flat = torch.mm(rows, weight.t()) if bias is None else torch.addmm(bias, rows, weight.t())
    return flat.view(*values.shape[:2], -1)


def _before(hidden: Tensor, initial: Tensor) -> Tensor:
    return torch.cat([initial.unsqueeze(0), hidden[:-1]])


def _replay_rnn(weights: Weights, inputs: Tensor, hidden: Tensor, initial: Tensor, cell: Tensor | None) -> Replay:
    return Replay(hidden=hidden, previous=_before(hidden, initial))


def _replay_lstm(weights: Weights, inputs: Tensor, hidden: Tensor, initial: Tensor, cell: Tensor | None) -> Replay:
    units, width = weights.input.shape[0] // 4, inputs.shape[-1]
    bias = None if weights.input_bias is None or weights.recurrent_bias is None else weights.input_bias + weights.recurrent_bias
    joined = hidden.new_empty(*hidden.shape[:2], width + hidden.shape[-1])  # [x, h], so that one product does for both
    joined[..., :width] = inputs
    joined[0, :, width:] = initial
    joined[1:, :, width:] = hidden[:-1]
    pre = _product(joined, torch.cat([weights.input, weights.named["weight_hh"]], dim=1), bias)
    pre[..., : 2 * units].sigmoid_()
    pre[..., 2 * units : 3 * units].tanh_()
    pre[..., 3 * units :].sigmoid_()
    gates = pre.view(*hidden.shape[:2], 4, units)
    cells = _scan(gates, cell)
    return Replay(hidden=hidden, previous=joined[..., width:], gates=gates, cell=cells[1:], previous_cell=cells[:-1])


def _scan(gates: Tensor, cell: Tensor | None) -> Tensor:
    """Return c_0 and the cell state c_t = i_t·g_t + f_t·c_{t-1} of every step."""
    time, batch, _, units = gates.shape
    cells = gates.new_empty(time + 1, batch, units)
    cells[0] = 0.0 if cell is None else cell
    torch.mul(gates[:, :, 0], gates[:, :, 2], out=cells[1:])
    states, forgets = cells.unbind(0), gates[:, :, 1].unbind(0)
    for step, forget in enumerate(forgets):
        states[step + 1].addcmul_(forget, states[step])
    return cells


def _replay_gru(weights: Weights, inputs: Tensor, hidden: Tensor, initial: Tensor, cell: Tensor | None) -> Replay:
    units, previous = hidden.shape[-1], _before(hidden, initial)
    driven = _product(inputs, weights.input, weights.input_bias).view(*hidden.shape[:2], 3, units)
    turned = _product(previous, weights.named["weight_hh"], weights.recurrent_bias).view(*hidden.shape[:2], 3, units)
    inner = turned[:, :, 2]
    driven[:, :, :2].add_(turned[:, :, :2]).sigmoid_()
    driven[:, :, 2].addcmul_(driven[:, :, 0], inner).tanh_()
    return Replay(hidden=hidden, previous=previous, gates=driven, inner=inner)


def _factors_rnn(slope: Callable[[Tensor], Tensor]) -> Callable[[Weights, Replay], Factors]:
    def factors(weights: Weights, replay: Replay) -> Factors:
        slopes = slope(replay.hidden).unsqueeze(2)
        return Factors(gates=slopes, input_gates=slopes)

    return factors


def _factors_lstm(weights: Weights, replay: Replay) -> Factors:
    assert replay.gates is not None
    assert replay.cell is not None
    assert replay.previous_cell is not None
    i, f, g, o = replay.gates.unbind(2)
    squashed, gates = replay.cell.tanh(), torch.empty_like(replay.gates)
    torch.mul(_sigmoid_slope(i), g, out=gates[:, :, 0])
    torch.mul(_sigmoid_slope(f), replay.previous_cell, out=gates[:, :, 1])
    torch.mul(_tanh_slope(g), i, out=gates[:, :, 2])
    torch.mul(_sigmoid_slope(o), squashed, out=gates[:, :, 3])
    return Factors(gates=gates, input_gates=gates, keep=f, into_cell=o * _tanh_slope(squashed))


def _hidden_of_lstm(weights: Weights, replay: Replay, step: int, cell: Tensor) -> Tensor:
    assert replay.gates is not None
    seen = replay.gates[step, :, -1] * cell.tanh()
    return seen if weights.projection is None else seen @ weights.projection.t()


def _sigmoid_slope(value: Tensor) -> Tensor:
    return torch.addcmul(value, value, value, value=-1)  # v - v², in one pass


def _tanh_slope(value: Tensor) -> Tensor:
    return torch.addcmul(value.new_ones(()), value, value, value=-1)  # 1 - v²


def _factors_gru(weights: Weights, replay: Replay) -> Factors:
    assert replay.gates is not None
    assert replay.inner is not None
    r, z, n = replay.gates.unbind(2)
    candidate = (1 - z) * _tanh_slope(n)  # ∂h_t/∂(candidate's pre-activation)
    reset = candidate * replay.inner * _sigmoid_slope(r)
    update = (replay.previous - n) * _sigmoid_slope(z)
    return Factors(
        gates=torch.stack([reset, update, candidate * r], dim=2),
        input_gates=torch.stack([reset, update, candidate], dim=2),
        keep=z,
    )


def _plain_rnn(slope: Callable[[Tensor], Tensor], steepest: float) -> Cell:
    return Cell(gates=(), replay=_replay_rnn, factors=_factors_rnn(slope), slope=steepest)


CELLS: Mapping[str, Cell] = {
    "LSTM": Cell(
        gates=("input", "forget", "candidate", "output"), replay=_replay_lstm, factors=_factors_lstm, hidden=_hidden_of_lstm
    ),
    "GRU": Cell(gates=("reset", "update", "candidate"), replay=_replay_gru, factors=_factors_gru),
    "RNN_TANH": _plain_rnn(_tanh_slope, 1.0),
    "RNN_RELU": _plain_rnn(lambda h: (h > 0).to(h.dtype), 1.0),
    "RNN_SIGMOID": _plain_rnn(_sigmoid_slope, 0.25),
    "RNN_LINEAR": _plain_rnn(torch.ones_like, 1.0),
}
