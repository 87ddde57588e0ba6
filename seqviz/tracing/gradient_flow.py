"""How strongly a loss depends on each hidden and cell state of a recurrent network."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqviz.records import GradientFlow
from seqviz.tracing.adjoint import carry_one_back, norms
from seqviz.tracing.forward import Forward, Pass, read_forward
from seqviz.tracing.losses import Local, Loss, Losses
from seqviz.tracing.network import Network, State, read_inputs, read_network, untouched


def gradient_flow(rnn: nn.Module, inputs: Tensor, loss: Loss, state: State | None = None) -> GradientFlow:
    """Trace how strongly one loss depends on every hidden and cell state.

    ``hidden_norms`` are of the total derivative ∂L/∂h_t. Many tools plot ``direct_norms`` instead, which is what
    ``output.retain_grad()`` gives: only what reaches h_t from the loss and the layers above, without what comes back
    through h_{t+1}. With a loss on the last step it is 0 at every other step, however well the network remembers.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``, or a recurrent module of seqviz; it is left as it is.
        inputs: in the module's own layout; unbatched input counts as a batch of 1.
        loss: takes what the module returns, ``(output, final_state)``, and returns one value; a sum over sequences, so
            that a sequence's norms do not depend on how many others it was traced with.
        state: the initial state as the module takes it; zeros where None.

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
        network = read_network(rnn)
        reading = read_inputs(network, inputs, state)
        forward = read_forward(network, reading)
        local = Losses(network, reading, forward, loss, ()).gradient()
        return _flow_record(network, list(flows(network, forward, local)))


@dataclass(frozen=True)
class Flow:
    """One loss's gradients in one layer and direction, in the order of processing."""

    one: Pass
    hidden: Tensor  # (time, batch, unit)
    cell: Tensor | None
    direct: Tensor  # what arrives from above alone
    gates: Tensor  # (time, batch, gate, unit), at the recurrent pre-activations


def flows(network: Network, forward: Forward, local: Local) -> Iterator[Flow]:
    """Yield one loss's gradients layer by layer, the top layer first; in a layer, direction by direction."""
    above = local.output
    for layer in reversed(range(network.layers)):
        below = torch.zeros_like(forward.passes[layer][0].inputs) if layer else None
        for direction, one in enumerate(forward.passes[layer]):
            index = layer * network.directions + direction
            direct = one.in_time(above[..., direction * network.units : (direction + 1) * network.units]).clone()
            if local.hidden is not None:
                direct[-1] += local.hidden[index]
            flow = _flow(one, direct, None if local.cell is None else local.cell[index])
            if below is not None:
                below += one.in_time(_to_inputs(flow))
            yield flow
        if below is not None:
            above = below


def _flow(one: Pass, direct: Tensor, final_cell: Tensor | None) -> Flow:
    whole = carry_one_back(one, direct, final_cell)
    return Flow(one, whole.hidden, whole.cell, direct, whole.gates)


def _to_inputs(flow: Flow) -> Tensor:
    factors, weight = flow.one.factors, flow.one.weights.input
    gates = flow.gates if factors.input_gates is factors.gates else flow.hidden.unsqueeze(2) * factors.input_gates
    return (gates.reshape(-1, weight.shape[0]) @ weight).view(*flow.hidden.shape[:2], -1)


def _flow_record(network: Network, all_flows: list[Flow]) -> GradientFlow:
    upwards = [
        all_flows[(network.layers - 1 - layer) * network.directions + direction]
        for layer in range(network.layers)
        for direction in range(network.directions)
    ]

    def gathered(values: list[Tensor]) -> Tensor:
        rows = [flow.one.in_time(norms(value)) for flow, value in zip(upwards, values, strict=True)]
        return torch.stack(rows).view(network.layers, network.directions, *rows[0].shape).transpose(2, 3).cpu()

    cells = [flow.cell for flow in upwards if flow.cell is not None]
    return GradientFlow(
        hidden_norms=gathered([flow.hidden for flow in upwards]).numpy(),
        cell_norms=gathered(cells).numpy() if cells else None,
        direct_norms=gathered([flow.direct for flow in upwards]).numpy(),
    )
