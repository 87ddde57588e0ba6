"""How strongly a loss depends on each hidden and cell state of a recurrent network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.records import GradientFlow
from seqviz.tracing.adjoint import carry_one_back, norms, to_initial
from seqviz.tracing.forward import Forward, Pass, read_forward
from seqviz.tracing.inside import find_inside
from seqviz.tracing.lengths import GivenLengths
from seqviz.tracing.losses import Local, Losses
from seqviz.tracing.network import Network, Reading, State, read_inputs, read_network, untouched


def gradient_flow(
    rnn: nn.Module,
    inputs: Any,
    loss: Callable[..., Tensor],
    state: State | None = None,
    *,
    layer: str | None = None,
    lengths: GivenLengths | None = None,
    by_unit: bool = False,
) -> GradientFlow:
    """Trace how strongly one loss depends on every hidden and cell state.

    ``hidden_norms`` are of the total derivative ∂L/∂h_t. Many tools plot ``direct_norms`` instead, which is what
    ``output.retain_grad()`` gives: only what reaches h_t from the loss and the layers above, without what comes back
    through h_{t+1}. With a loss on the last step it is 0 at every other step, however well the network remembers.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``, a recurrent module of seqviz, or a model with one inside; it is left as
            it is.
        inputs: in the module's own layout, padded or packed; unbatched input counts as a batch of 1. Of a whole model, what
            the model takes: a tuple of several arguments, a mapping of named ones.
        loss: takes what the module returns, ``(output, final_state)``, and returns one value; a sum over sequences, so
            that a sequence's norms do not depend on how many others it was traced with. The output is packed where the
            inputs are. Of a whole model, it takes what the model returns.
        state: the initial state as the module takes it; zeros where None.
        layer: the recurrent layer inside a whole model, by its name in ``named_modules()``; None for the only one.
        lengths: of the sequences of a padded batch, each of which is then read as if it were alone.
        by_unit: whether to keep the gradients themselves, unit by unit, and those at the inputs; of a whole model, at those of
            the layer.

    Raises:
        UnsupportedModelError: ``rnn`` is not supported.
        TraceError: ``inputs`` or ``state`` do not fit, are empty or not finite, or the loss is no single value that
            depends on the output.

    Source:
        Pascanu, Mikolov & Bengio (2013), section 2, https://arxiv.org/abs/1211.5063

    Example:
        >>> flow = gradient_flow(nn.LSTM(3, 5), torch.zeros(7, 2, 3), lambda output, final: output[-1].sum())
        >>> flow.hidden_norms.shape, int((flow.direct_norms > 0).sum())
        ((1, 1, 2, 7), 2)
    """
    with untouched(runs_loss=True):
        inside = find_inside(rnn, inputs, state, layer, lengths)
        network = read_network(inside.layer)
        reading = read_inputs(network, inside.inputs, inside.state, lengths)
        forward = read_forward(network, reading)
        local = Losses(network, reading, forward, inside.loss(loss), ()).gradient()
        return _Recording(network, reading, list(flows(network, forward, local))).record(by_unit)


@dataclass(frozen=True)
class Flow:
    """One loss's gradients in one layer and direction, in the order of processing."""

    one: Pass
    hidden: Tensor  # (time, batch, unit)
    cell: Tensor | None
    direct: Tensor  # what arrives from above alone
    gates: Tensor  # (time, batch, gate, unit), at the recurrent pre-activations
    initial: tuple[Tensor, Tensor | None]  # (batch, unit): of the states before the first step


def flows(network: Network, forward: Forward, local: Local) -> Iterator[Flow]:
    """Yield one loss's gradients layer by layer, the top layer first; in a layer, direction by direction."""
    above = local.output
    for layer in reversed(range(network.layers)):
        below = torch.zeros_like(forward.passes[layer][0].inputs) if layer else None
        for direction, one in enumerate(forward.passes[layer]):
            index = layer * network.directions + direction
            direct = one.in_time(above[..., direction * network.units : (direction + 1) * network.units]).clone()
            if local.hidden is not None:
                direct[one.last] += local.hidden[index]
            flow = _flow(one, direct, None if local.cell is None else local.cell[index])
            if below is not None:
                below += one.in_time(_to_inputs(flow))
            yield flow
        if below is not None:
            above = below


def _flow(one: Pass, direct: Tensor, final_cell: Tensor | None) -> Flow:
    whole = carry_one_back(one, direct, final_cell)
    return Flow(one, whole.hidden, whole.cell, direct, whole.gates, to_initial(one, whole))


def _to_inputs(flow: Flow) -> Tensor:
    factors, weight = flow.one.factors, flow.one.weights.input
    gates = flow.gates if factors.input_gates is factors.gates else flow.hidden.unsqueeze(2) * factors.input_gates
    return (gates.reshape(-1, weight.shape[0]) @ weight).view(*flow.hidden.shape[:2], -1)


class _Recording:
    """Brings the flows of all layers and directions into the layout of a record."""

    def __init__(self, network: Network, reading: Reading, all_flows: list[Flow]) -> None:
        self._shape, self._reading, self._note = (network.layers, network.directions), reading, network.note
        places = [(layer, direction) for layer in range(network.layers) for direction in range(network.directions)]
        self._flows = [all_flows[(network.layers - 1 - layer) * network.directions + way] for layer, way in places]

    def record(self, by_unit: bool) -> GradientFlow:
        hidden, cells = [flow.hidden for flow in self._flows], [flow.cell for flow in self._flows if flow.cell is not None]
        initial_cells = [flow.initial[1] for flow in self._flows if flow.initial[1] is not None]
        lengths = self._reading.lengths
        return GradientFlow(
            hidden_norms=self._by_time(list(map(norms, hidden))),
            cell_norms=self._by_time(list(map(norms, cells))) if cells else None,
            direct_norms=self._by_time([norms(flow.direct) for flow in self._flows]),
            initial_hidden_norms=self._by_place([norms(flow.initial[0]) for flow in self._flows]),
            initial_cell_norms=self._by_place(list(map(norms, initial_cells))) if initial_cells else None,
            lengths=None if lengths is None else np.array(lengths.each),
            hidden=self._by_time(hidden) if by_unit else None,
            cell=self._by_time(cells) if by_unit and cells else None,
            inputs=self._at_inputs() if by_unit else None,
            note=self._note,
        )

    def _by_time(self, values: list[Tensor]) -> np.ndarray:
        """Return ``values`` (time, batch, ...) of every flow as (layer, direction, batch, time, ...)."""
        rows = torch.stack([self._known(flow.one.in_time(value)) for flow, value in zip(self._flows, values, strict=True)])
        return self._by_place(list(rows.transpose(1, 2)))

    def _by_place(self, values: list[Tensor]) -> np.ndarray:
        stacked = torch.stack(values)
        return stacked.view(*self._shape, *stacked.shape[1:]).cpu().numpy()

    def _known(self, values: Tensor) -> Tensor:
        return values if self._reading.lengths is None else self._reading.lengths.cut(values, torch.nan)

    def _at_inputs(self) -> np.ndarray:
        read = sum(flow.one.in_time(_to_inputs(flow)) for flow in self._flows[: self._shape[1]])
        assert isinstance(read, Tensor)
        return self._known(read).transpose(0, 1).cpu().numpy()
