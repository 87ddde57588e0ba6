"""The oracle: recurrent cells unrolled step by step as PyTorch's documentation writes them, differentiated by autograd."""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from seqviz.models.cells import LinearRNN, SigmoidRNN

ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "linear": lambda values: values}


@dataclass
class Unrolled:
    """Every state as a node of one autograd graph; [layer][direction][time]."""

    output: Tensor
    final: object
    hidden: list = field(default_factory=list)
    above: list = field(default_factory=list)  # copies of the hidden states that only the loss and the layers above use
    cell: list = field(default_factory=list)
    gates: list = field(default_factory=list)  # name → tensor


def lstm_step(x, h, c, weights):
    w_ih, w_hh, b_ih, b_hh, *projection = weights
    i, f, g, o = (x @ w_ih.T + b_ih + h @ w_hh.T + b_hh).chunk(4, dim=-1)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    c = f * c + i * g
    h = o * c.tanh()
    return h @ projection[0].T if projection else h, c, {"input": i, "forget": f, "candidate": g, "output": o}


def gru_step(x, h, c, weights):
    w_ih, w_hh, b_ih, b_hh = weights
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=-1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=-1)
    r, z = (x_r + h_r).sigmoid(), (x_z + h_z).sigmoid()
    n = (x_n + r * h_n).tanh()
    return (1 - z) * n + z * h, None, {"reset": r, "update": z, "candidate": n}


def rnn_step(activation):
    def step(x, h, c, weights):
        w_ih, w_hh, b_ih, b_hh = weights
        return activation(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh), None, {}

    return step


def is_of_two_states(rnn):
    return isinstance(rnn, nn.LSTM) or getattr(rnn, "states", 1) == 2


def step_of(rnn):
    if hasattr(rnn, "unrolled"):  # a cell defined in the tests
        return rnn.unrolled
    if isinstance(rnn, nn.LSTM):
        return lstm_step
    return gru_step if isinstance(rnn, nn.GRU) else rnn_step(ACTIVATIONS[rnn.nonlinearity])


def weights_of(rnn, layer, direction, leaves=None):
    suffix = f"l{layer}" + ("_reverse" if direction else "")
    if hasattr(rnn, "unrolled"):
        return {name.removesuffix(f"_{suffix}"): one for name, one in rnn.named_parameters() if name.endswith(f"_{suffix}")}
    found = {name: getattr(rnn, f"{name}_{suffix}", None) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
    found["weight_hh"] = (leaves or {}).get((layer, direction), found["weight_hh"])
    zero = torch.zeros(len(found["weight_hh"]), dtype=found["weight_hh"].dtype)
    projection = [getattr(rnn, f"weight_hr_{suffix}")] if getattr(rnn, "proj_size", 0) else []
    return [zero if weight is None else weight for weight in found.values()] + projection


def sizes_of(rnn):
    """Units of the hidden state, and of the cell state."""
    return getattr(rnn, "proj_size", 0) or rnn.hidden_size, rnn.hidden_size


def unroll(rnn, inputs, state=None, leaves=None) -> Unrolled:
    """Read ``inputs`` step by step; ``leaves`` replaces recurrent matrices, by (layer, direction)."""
    unbatched = inputs.dim() == 2
    x = inputs.unsqueeze(1) if unbatched else inputs.transpose(0, 1) if rnn.batch_first else inputs
    directions = 2 if rnn.bidirectional else 1
    count = rnn.num_layers * directions
    is_lstm = is_of_two_states(rnn)
    zeros = [torch.zeros(count, x.shape[1], size, dtype=x.dtype) for size in sizes_of(rnn)]
    given = zeros if state is None else state if is_lstm else (state, zeros[1])
    given = [one.reshape(zero.shape) for one, zero in zip(given, zeros, strict=True)]
    result, finals, step = Unrolled(None, None), [], step_of(rnn)
    for layer in range(rnn.num_layers):
        outputs = []
        for name in ("hidden", "above", "cell", "gates"):
            getattr(result, name).append([])
        for direction in range(directions):
            h, c = given[0][layer * directions + direction], given[1][layer * directions + direction]
            weights = weights_of(rnn, layer, direction, leaves)
            states = [None] * len(x)
            for t in reversed(range(len(x))) if direction else range(len(x)):
                h, c, gates = step(x[t], h, c, weights)
                if not h.requires_grad:
                    h.requires_grad_()
                states[t] = (h, h * 1.0, c, gates)
                last = (states[t][1], None if c is None else c * 1.0)
            finals.append(last)
            hidden, above, cell, gates = zip(*states, strict=True)
            result.hidden[layer].append(hidden)
            result.above[layer].append(above)
            result.cell[layer].append(cell)
            result.gates[layer].append(gates)
            outputs.append(torch.stack(above))
        x = torch.cat(outputs, dim=-1)
    h_n = torch.stack([final[0] for final in finals])
    c_n = torch.stack([final[1] for final in finals]) if is_lstm else None
    if unbatched:
        x, h_n, c_n = x.squeeze(1), h_n.squeeze(1), None if c_n is None else c_n.squeeze(1)
    elif rnn.batch_first:
        x = x.transpose(0, 1)
    result.output, result.final = x, (h_n, c_n) if is_lstm else h_n
    return result


def norms(value, states):
    """‖∂value/∂state‖ over units for [layer][direction][time] states, as (layer, direction, batch, time)."""
    flat = [state for layer in states for direction in layer for state in direction]
    gradients = torch.autograd.grad(value, flat, retain_graph=True, allow_unused=True)
    sizes = [torch.zeros(len(s), dtype=s.dtype) if g is None else g.norm(dim=-1) for g, s in zip(gradients, flat, strict=True)]
    layers, directions = len(states), len(states[0])
    return torch.stack(sizes).detach().view(layers, directions, -1, len(flat[0])).transpose(2, 3).numpy()


CELLS = ("tanh", "relu", "sigmoid", "lstm", "gru", "projected lstm")


def build(cell, input_size=3, hidden_size=4, seed=0, **settings):
    """Return a recurrent module whose weights are large enough for gradients to matter at every step."""
    kinds = {"lstm": nn.LSTM, "gru": nn.GRU, "sigmoid": SigmoidRNN, "linear": LinearRNN}
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        if cell == "projected lstm":
            rnn = nn.LSTM(input_size, hidden_size + 1, proj_size=hidden_size, **settings)
        elif cell in kinds or isinstance(cell, type):
            rnn = kinds.get(cell, cell)(input_size, hidden_size, **settings)
        else:
            rnn = nn.RNN(input_size, hidden_size, nonlinearity=cell, **settings)
        for parameter in rnn.parameters():
            parameter.data.mul_(1.5)
    return rnn


def draw(rnn, time=5, batch=2, seed=1, with_state=False):
    """Return inputs, in the module's layout (``batch`` None: unbatched), and an initial state or None."""
    generator = torch.Generator().manual_seed(seed)
    dtype = rnn.weight_ih_l0.dtype
    shape = (time, rnn.input_size) if batch is None else (time, batch, rnn.input_size)
    shape = (batch, time, rnn.input_size) if rnn.batch_first and batch is not None else shape
    inputs = torch.randn(shape, generator=generator, dtype=dtype)
    count = rnn.num_layers * (2 if rnn.bidirectional else 1)
    rows = (count,) if batch is None else (count, batch)
    states = [torch.randn(*rows, size, generator=generator, dtype=dtype) for size in sizes_of(rnn)]
    state = (states[0], states[1]) if is_of_two_states(rnn) else states[0]
    return inputs, state if with_state else None
