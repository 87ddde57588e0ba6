"""How strongly a loss depends on each hidden and cell state of a recurrent network."""

import functools
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
from seqviz.tracing.network import Network, Reading, State, is_finite, read_inputs, read_network, untouched
from seqviz.tracing.rescaled import Scaled, Travelled, carry_all_back


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
        return flow_of(network, reading, forward, local, by_unit=by_unit)


def flow_of(network: Network, reading: Reading, forward: Forward, local: Local, *, by_unit: bool = False) -> GradientFlow:
    """Return the gradients at all states, given those that reach the network's outputs."""
    recording = _Recording(network, reading, list(flows(network, forward, local)))
    if recording.is_finite:
        return recording.record(by_unit)
    return recording.beyond_floats(carry_all_back(network, forward, [local]), by_unit)


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
            above = below * forward.dropped[layer - 1] if forward.dropped else below


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
        self._norms = [norms(flow.hidden) for flow in self._flows]
        self._initial = [norms(flow.initial[0]) for flow in self._flows]

    @property
    def is_finite(self) -> bool:
        """Whether a float holds the norm of every gradient at a hidden state."""
        return all(map(is_finite, [*self._norms, *self._initial]))

    def record(self, by_unit: bool) -> GradientFlow:
        hidden, cells = [flow.hidden for flow in self._flows], [flow.cell for flow in self._flows if flow.cell is not None]
        initial_cells = [flow.initial[1] for flow in self._flows if flow.initial[1] is not None]
        return GradientFlow(
            hidden_norms=self._by_time(self._norms),
            cell_norms=self._by_time(list(map(norms, cells))) if cells else None,
            direct_norms=self._by_time([norms(flow.direct) for flow in self._flows]),
            initial_hidden_norms=self._by_place(self._initial),
            initial_cell_norms=self._by_place(list(map(norms, initial_cells))) if initial_cells else None,
            hidden=self._by_time(hidden) if by_unit else None,
            cell=self._by_time(cells) if by_unit and cells else None,
            inputs=self._at_inputs() if by_unit else None,
            lengths=self._lengths,
            note=self._note,
        )

    def beyond_floats(self, travelled: list[list[Travelled]], by_unit: bool) -> GradientFlow:
        """Return the record of the same flows, carried back with exponents, which hold what no float can."""
        each = [one for row in travelled for one in row]
        cells = [one.cell for one in each if one.cell is not None]
        initial_cells = [one.initial_cell for one in each if one.initial_cell is not None]
        hidden_logs, direct_logs = self._logs([one.hidden for one in each]), self._logs([one.direct for one in each])
        initial_logs = self._initial_logs([one.initial for one in each])
        cell_logs, initial_cell_logs = (self._logs(cells), self._initial_logs(initial_cells)) if cells else (None, None)
        held = functools.partial(_held, dtype=self._flows[0].hidden.dtype)
        return GradientFlow(
            hidden_norms=held(hidden_logs),
            cell_norms=None if cell_logs is None else held(cell_logs),
            direct_norms=held(direct_logs),
            initial_hidden_norms=held(initial_logs),
            initial_cell_norms=None if initial_cell_logs is None else held(initial_cell_logs),
            log10_hidden_norms=hidden_logs,
            log10_cell_norms=cell_logs,
            log10_direct_norms=direct_logs,
            log10_initial_hidden_norms=initial_logs,
            log10_initial_cell_norms=initial_cell_logs,
            hidden=self._plain([one.hidden for one in each]) if by_unit else None,
            cell=self._plain(cells) if by_unit and cells else None,
            inputs=self._plain_inputs(travelled[0]) if by_unit else None,
            lengths=self._lengths,
            note=self._note,
        )

    @property
    def _lengths(self) -> np.ndarray | None:
        lengths = self._reading.lengths
        return None if lengths is None else np.array(lengths.each)

    def _by_time(self, values: list[Tensor]) -> np.ndarray:
        """Return ``values`` (time, batch, ...) of every flow as (layer, direction, batch, time, ...)."""
        return self._in_order([flow.one.in_time(value) for flow, value in zip(self._flows, values, strict=True)])

    def _in_order(self, values: list[Tensor]) -> np.ndarray:
        """Return the same of ``values`` that are in the order of the sequence."""
        rows = torch.stack(list(map(self._known, values)))
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

    def _logs(self, each: list[Scaled]) -> np.ndarray:
        return self._in_order([one.log10_norms[:, :, 0] for one in each])

    def _initial_logs(self, each: list[Scaled]) -> np.ndarray:
        return self._by_place([one.log10_norms[:, 0] for one in each])

    def _plain(self, each: list[Scaled]) -> np.ndarray:
        return self._in_order([one.plain[:, :, 0].to(self._flows[0].hidden.dtype) for one in each])

    def _plain_inputs(self, lowest: list[Travelled]) -> np.ndarray:
        total = lowest[0].inputs if len(lowest) == 1 else lowest[0].inputs + lowest[1].inputs
        return self._known(total.plain[:, :, 0].to(self._flows[0].hidden.dtype)).transpose(0, 1).numpy()


def _held(logs: np.ndarray, dtype: torch.dtype) -> np.ndarray:
    """Return the norms of which ``logs`` are the log10, infinite where ``dtype`` cannot hold them."""
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(np.power(10.0, logs).astype(str(dtype).removeprefix("torch.")))
