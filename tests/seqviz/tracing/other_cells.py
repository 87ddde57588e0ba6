"""Cells that seqviz does not offer, which show what a cell may do: each a module, its mathematics, and its step unrolled."""

import torch
from torch import nn

from seqviz.models.cells import KINDS, OwnRNN, driven, own, returned
from seqviz.tracing.cells import CELLS, Cell, Factors, Nested, Replay


def peephole_step(drive, read, state, weights):
    i, f, g, o = (drive + returned(read, weights)).chunk(4, dim=-1)
    by_i, by_f, by_o = weights["weight_ch"].chunk(3)
    cell = torch.sigmoid(f + by_f * state[1]) * state[1] + torch.sigmoid(i + by_i * state[1]) * torch.tanh(g)
    return torch.sigmoid(o + by_o * cell) * torch.tanh(cell), cell


class PeepholeLSTM(OwnRNN):
    """An LSTM whose gates read the cell state, unit by unit.

    Source:
        Gers, Schraudolph & Schmidhuber (2002), Learning Precise Timing with LSTM Recurrent Networks
    """

    kind, states, step = "PEEPHOLE", 2, staticmethod(peephole_step)

    @classmethod
    def shapes(cls, read, size):
        wide = 4 * size
        return {
            "weight_ih": (wide, read), "weight_hh": (wide, size), "bias_ih": (wide,), "bias_hh": (wide,),
            "weight_ch": (3 * size,),
        }  # fmt: skip

    @staticmethod
    def unrolled(x, h, c, weights):
        w = {"bias_ih": torch.zeros(1, dtype=x.dtype), "bias_hh": torch.zeros(1, dtype=x.dtype), **weights}
        i, f, g, o = (x @ w["weight_ih"].T + w["bias_ih"] + h @ w["weight_hh"].T + w["bias_hh"]).chunk(4, dim=-1)
        p_i, p_f, p_o = w["weight_ch"].chunk(3)
        i, f, g = (i + p_i * c).sigmoid(), (f + p_f * c).sigmoid(), g.tanh()
        c = f * c + i * g
        o = (o + p_o * c).sigmoid()
        return o * c.tanh(), c, {"input": i, "forget": f, "candidate": g, "output": o}


def peephole_replay(weights, inputs, hidden, initial, cell):
    previous = torch.cat([initial.unsqueeze(0), hidden[:-1]])
    pre = (driven(inputs, weights.named) + returned(previous, weights.named)).unflatten(-1, (4, -1))
    by_i, by_f, by_o = weights.named["weight_ch"].chunk(3)
    cells, gates = [cell], []
    for i, f, g, o in (step.unbind(1) for step in pre):
        i, f, g = (i + by_i * cells[-1]).sigmoid(), (f + by_f * cells[-1]).sigmoid(), g.tanh()
        cells.append(f * cells[-1] + i * g)
        gates.append(torch.stack([i, f, g, (o + by_o * cells[-1]).sigmoid()], dim=1))
    cells = torch.stack(cells)
    return Replay(hidden=hidden, previous=previous, gates=torch.stack(gates), cell=cells[1:], previous_cell=cells[:-1])


def peephole_factors(weights, replay):
    i, f, g, o = replay.gates.unbind(2)
    by_i, by_f, by_o = weights.named["weight_ch"].chunk(3)
    squashed = replay.cell.tanh()
    into_i, into_f, into_o = i * (1 - i) * g, f * (1 - f) * replay.previous_cell, o * (1 - o) * squashed
    gates = torch.stack([into_i, into_f, (1 - g * g) * i, into_o], dim=2)
    keep, into_cell = f + into_i * by_i + into_f * by_f, o * (1 - squashed * squashed) + into_o * by_o
    return Factors(gates=gates, input_gates=gates, keep=keep, into_cell=into_cell)


def peephole_hidden(weights, replay, step, cell):
    by_o = weights.named["weight_ch"].chunk(3)[2]
    return (replay.gates[step, :, -1].logit() + by_o * (cell - replay.cell[step])).sigmoid() * cell.tanh()


def reset_before_step(drive, read, state, weights):
    sizes = [2 * state[0].shape[-1], state[0].shape[-1]]
    (matrix, last), biases = weights["weight_hh"].split(sizes), weights.get("bias_hh")
    bias, last_bias = (None, None) if biases is None else biases.split(sizes)
    sums, candidate = drive.split(sizes, dim=-1)
    r, z = (sums + nn.functional.linear(read, matrix, bias)).sigmoid().chunk(2, dim=-1)
    n = torch.tanh(candidate + nn.functional.linear(r * read, last, last_bias))
    return ((1 - z) * n + z * state[0],)


class ResetBeforeGRU(OwnRNN):
    """A GRU whose reset gate multiplies the state before the candidate's product, as the paper has it.

    Source:
        Cho et al. (2014), equation 8, https://arxiv.org/abs/1406.1078
    """

    kind, step = "RESET_BEFORE", staticmethod(reset_before_step)

    @classmethod
    def shapes(cls, read, size):
        return {"weight_ih": (3 * size, read), "weight_hh": (3 * size, size), "bias_ih": (3 * size,), "bias_hh": (3 * size,)}

    @staticmethod
    def unrolled(x, h, c, weights):
        units, zero = h.shape[-1], torch.zeros(3 * h.shape[-1], dtype=x.dtype)
        w_r, w_z, w_n = weights["weight_hh"].split(units)
        b_r, b_z, b_n = (weights.get("bias_ih", zero) + weights.get("bias_hh", zero)).split(units)
        x_r, x_z, x_n = (x @ weights["weight_ih"].T).chunk(3, dim=-1)
        r, z = (x_r + h @ w_r.T + b_r).sigmoid(), (x_z + h @ w_z.T + b_z).sigmoid()
        n = (x_n + (r * h) @ w_n.T + b_n).tanh()
        return (1 - z) * n + z * h, None, {"reset": r, "update": z, "candidate": n}


def reset_before_replay(weights, inputs, hidden, initial, cell):
    previous = torch.cat([initial.unsqueeze(0), hidden[:-1]])
    sums, backs = driven(inputs, weights.named).chunk(3, dim=-1), returned(previous, weights.named).chunk(3, dim=-1)
    r, z = (sums[0] + backs[0]).sigmoid(), (sums[1] + backs[1]).sigmoid()
    bias = None if weights.recurrent_bias is None else weights.recurrent_bias.chunk(3)[2]
    n = (sums[2] + nn.functional.linear(r * previous, weights.recurrent.chunk(3)[2], bias)).tanh()
    return Replay(hidden=hidden, previous=previous, gates=torch.stack([r, z, n], dim=2))


def reset_before_factors(weights, replay):
    r, z, n = replay.gates.unbind(2)
    gates = torch.stack([torch.zeros_like(r), (replay.previous - n) * z * (1 - z), (1 - z) * (1 - n * n)], dim=2)
    nested = Nested(gate=0, value=r, slope=replay.previous * r * (1 - r))
    return Factors(gates=gates, input_gates=gates, keep=z, nested=nested)


def min_gru_step(drive, read, state, weights):
    z, n = drive.chunk(2, dim=-1)
    return ((1 - z.sigmoid()) * state[0] + z.sigmoid() * n.tanh(),)


class MinGRU(OwnRNN):
    """A GRU whose gates read the input alone, so that all steps are one scan.

    Source:
        Feng et al. (2024), https://arxiv.org/abs/2410.01201; its candidate has no tanh
    """

    kind, step = "MINGRU", staticmethod(min_gru_step)

    @classmethod
    def shapes(cls, read, size):
        return {"weight_ih": (2 * size, read), "bias_ih": (2 * size,)}

    @classmethod
    def scan(cls, values, state, weights):
        z, n = driven(values, weights).chunk(2, dim=-1)
        kept, added = (1 - z.sigmoid()).cumprod(0), z.sigmoid() * n.tanh()
        return (kept * (state[0] + (added / kept).cumsum(0)),)

    @staticmethod
    def unrolled(x, h, c, weights):
        z, n = (x @ weights["weight_ih"].T + weights.get("bias_ih", torch.zeros(1, dtype=x.dtype))).chunk(2, dim=-1)
        z, n = z.sigmoid(), n.tanh()
        return (1 - z) * h + z * n, None, {"update": z, "candidate": n}


def min_gru_replay(weights, inputs, hidden, initial, cell):
    z, n = driven(inputs, weights.named).chunk(2, dim=-1)
    previous = torch.cat([initial.unsqueeze(0), hidden[:-1]])
    return Replay(hidden=hidden, previous=previous, gates=torch.stack([z.sigmoid(), n.tanh()], dim=2))


def min_gru_factors(weights, replay):
    z, n = replay.gates.unbind(2)
    gates = torch.stack([(n - replay.previous) * z * (1 - z), z * (1 - n * n)], dim=2)
    return Factors(gates=gates, input_gates=gates, keep=1 - z)


LSTM_GATES = ("input", "forget", "candidate", "output")
MATHEMATICS = {
    PeepholeLSTM: Cell(gates=LSTM_GATES, replay=peephole_replay, factors=peephole_factors, hidden=peephole_hidden),
    ResetBeforeGRU: Cell(gates=("reset", "update", "candidate"), replay=reset_before_replay, factors=reset_before_factors),
    MinGRU: Cell(gates=("update", "candidate"), replay=min_gru_replay, factors=min_gru_factors),
}


def add(monkeypatch, module):
    """Put the module's cell into the tables."""
    monkeypatch.setitem(KINDS, module.kind, own(module))
    monkeypatch.setitem(CELLS, module.kind, MATHEMATICS[module])
