"""How much of a gradient reaches the first step of an LSTM, for many forget-gate biases and every distance at once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.experiment import RecurrentConfig
from seqviz.models import build_model
from seqviz.records import Agreement, ForgetBiasReach
from seqviz.subjects.forget_bias import ForgetBiases, ForgetBiasPlace
from seqviz.tracing.agreement import agreement_along

INPUTS = 8  # numbers read at each step


@dataclass(frozen=True)
class _Networks:
    """One network for each seed, in float64; the forget gate's bias is still to be set."""

    driven: Float[Tensor, "time seed gates"]  # what the input and the bias give each gate's pre-activation
    recurrent: Float[Tensor, "seed gates unit"]
    readout: Float[Tensor, "seed unit"]


@torch.no_grad()
def forget_bias_reach(subject: ForgetBiases) -> ForgetBiasReach:
    """Return how much of the gradient at each distance reaches the state before the first step, for each bias.

    One scan forward carries ∂h_t/∂c_0 and ∂c_t/∂c_0 of all networks along with their states, so that every distance is
    had at once. All derivatives are exact, and total: they count the paths through the gates too.

    Source:
        Gers, Schmidhuber & Cummins (2000); Jozefowicz, Zaremba & Sutskever (2015).
    """
    networks = _networks(subject)
    biases = torch.tensor(subject.biases, dtype=torch.float64)
    norm = torch.linalg.vector_norm
    shares = torch.stack([norm(arrived, dim=-1) / norm(at_end, dim=1) for arrived, at_end in _scan(networks, biases)], dim=-1)
    return ForgetBiasReach(
        biases=biases.numpy(), distances=torch.arange(1, subject.length + 1, dtype=torch.float64).numpy(),
        shares=shares.numpy(), gates_alone=subject.gates_alone,
    )  # fmt: skip


@torch.no_grad()
def reach_agreement(subject: ForgetBiasPlace) -> Agreement:
    """Hold the gradient of the first seed's answer by the state before the first step against finite differences."""
    drawn = _networks(replace(subject, seeds=1))
    networks = _Networks(drawn.driven[: subject.distance], drawn.recurrent, drawn.readout)
    *_, (gradient, _) = _scan(networks, torch.tensor([subject.bias], dtype=torch.float64))
    return agreement_along(gradient[0, 0], lambda nudge: _answer(networks, subject.bias, nudge))


def _answer(networks: _Networks, bias: float, first: Tensor) -> float:
    """Return what the first network answers at the end, read forward from the cell state ``first``."""
    hidden, cell = torch.zeros_like(first), first
    for driven in networks.driven[:, 0]:
        i, f, g, o = (driven + networks.recurrent[0] @ hidden).chunk(4)
        cell = (f + bias).sigmoid() * cell + i.sigmoid() * g.tanh()
        hidden = o.sigmoid() * cell.tanh()
    return float(networks.readout[0] @ hidden)


def _networks(subject: ForgetBiases) -> _Networks:
    drawn = [_drawn(subject, seed) for seed in range(subject.seed, subject.seed + subject.seeds)]
    driven, recurrent, readout = (torch.stack(each) for each in zip(*drawn, strict=True))
    return _Networks(driven.transpose(0, 1), recurrent, readout)


def _drawn(subject: ForgetBiases, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    config = RecurrentConfig(name="lstm", hidden_size=subject.hidden_size, forget_bias=0.0)
    model = build_model(config, input_size=INPUTS, output_size=1, answer="last", generator=generator).double()
    inputs = torch.randn(subject.length, INPUTS, generator=generator, dtype=torch.float64)
    rnn = model.rnn
    read, recurrent = rnn.weight_ih_l0.clone(), rnn.weight_hh_l0.clone()
    if subject.gates_alone:
        candidate = slice(2 * subject.hidden_size, 3 * subject.hidden_size)
        kept = read[candidate].clone()
        read.zero_()
        read[candidate] = kept
        recurrent.zero_()
    return inputs @ read.T + rnn.bias_ih_l0 + rnn.bias_hh_l0, recurrent, model.readout.weight[0].clone()


def _scan(networks: _Networks, biases: Float[Tensor, " bias"]) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the answer's gradients by c_0 (seed, bias, unit) and by c_T (seed, unit, bias) at distance 1, 2, …

    States are (seed, unit, bias); their derivatives also have c_0's unit.
    """
    seeds, units = networks.readout.shape
    hidden = torch.zeros(seeds, units, len(biases), dtype=torch.float64)
    cell = torch.zeros_like(hidden)
    by_hidden = torch.zeros(*hidden.shape, units, dtype=torch.float64)  # ∂h/∂c_0
    by_cell = torch.eye(units, dtype=torch.float64).unsqueeze(1).repeat(seeds, 1, len(biases), 1)  # ∂c/∂c_0
    for driven in networks.driven:
        i, f, g, o = (driven.unsqueeze(-1) + networks.recurrent @ hidden).chunk(4, dim=1)
        i, f, g, o = i.sigmoid(), (f + biases).sigmoid(), g.tanh(), o.sigmoid()
        through = (networks.recurrent @ by_hidden.flatten(2)).view(
            seeds, 4 * units, *by_hidden.shape[2:]
        )  # ∂(gates’ sums)/∂c_0
        by_i, by_f, by_g, by_o = through.chunk(4, dim=1)
        by_cell = f.unsqueeze(-1) * by_cell
        for slope, by_gate in ((i * (1 - i) * g, by_i), (f * (1 - f) * cell, by_f), ((1 - g * g) * i, by_g)):
            by_cell.addcmul_(slope.unsqueeze(-1), by_gate)
        cell = f * cell + i * g
        squashed = cell.tanh()
        hidden, onward = o * squashed, o * (1 - squashed * squashed)  # ∂h/∂c
        by_hidden = (onward.unsqueeze(-1) * by_cell).addcmul_((o * (1 - o) * squashed).unsqueeze(-1), by_o)
        arrived = (networks.readout.unsqueeze(1) @ by_hidden.flatten(2)).view(seeds, *by_hidden.shape[2:])
        yield arrived, networks.readout.unsqueeze(-1) * onward
