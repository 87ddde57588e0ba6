"""Which steps the gradient of the recurrent weights comes from."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from seqviz.errors import TraceError
from seqviz.records import WeightContributions
from seqviz.tracing.forward import read_forward
from seqviz.tracing.gradient_flow import Flow, flows
from seqviz.tracing.losses import Loss, Losses
from seqviz.tracing.network import State, in_float64, read_inputs, read_network, untouched
from seqviz.tracing.place import check_place


def weight_contributions(
    rnn: nn.Module, inputs: Tensor | PackedSequence, loss: Loss, layer: int = 0, direction: int = 0, state: State | None = None
) -> WeightContributions:
    """Split ∂J/∂W of one layer's recurrent matrix by the steps at which W was used; all sequences of the batch together.

    W is ``weight_hh_l<layer>``, all gates' blocks stacked; the contributions add up to what autograd accumulates in
    ``weight_hh_l<layer>.grad``.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``, or a recurrent module of seqviz; it is left as it is.
        inputs: in the module's own layout, padded or packed.
        loss: takes what the module returns, ``(output, final_state)``, and returns one value.
        layer: 0 reads the input.
        direction: 1 is the backward direction of a bidirectional network.
        state: the initial state as the module takes it; zeros where None.

    Raises:
        UnsupportedModelError: ``rnn`` is not supported.
        TraceError: ``inputs`` or ``state`` do not fit, are empty or not finite; no such layer or direction, or no
            recurrent matrix; the loss is no single value that depends on the output.

    Source:
        Pascanu, Mikolov & Bengio (2013), equations 3 to 5, https://arxiv.org/abs/1211.5063

    Example:
        >>> split = weight_contributions(nn.GRU(3, 5), torch.ones(7, 2, 3), lambda output, final: output[-1].sum())
        >>> bool(abs(split.projections.sum() - split.total_norm) < 1e-5)
        True
    """
    with untouched(runs_loss=True):
        network = read_network(rnn)
        check_place(network, layer, direction)
        if network.weights[layer][direction].recurrent is None:
            raise TraceError(f"the {network.mode} has no recurrent matrix whose gradient could be split")
        reading = read_inputs(network, inputs, state)
        forward = read_forward(network, reading)
        local = Losses(network, reading, forward, loss, ()).gradient()
        wanted = (network.layers - 1 - layer) * network.directions + direction
        flow = next(flow for index, flow in enumerate(flows(network, forward, local)) if index == wanted)
        return _record(flow)


def _record(flow: Flow) -> WeightContributions:
    """With D_k the gradient at step k's pre-activations and H_k what W multiplied then, G_k = D_kᵀ·H_k."""
    parts = _parts(flow)
    totals = [torch.einsum("tbg,tbh->gh", gates, read) for gates, read in parts]
    size = torch.linalg.vector_norm(torch.cat(totals))
    zero = totals[0].new_zeros(())
    grams = sum((torch.bmm(gates, gates.mT) * torch.bmm(read, read.mT) for gates, read in parts), zero)  # ‖G_k‖², not G_k
    along = sum((((gates @ total) * read).sum(dim=(1, 2)) for (gates, read), total in zip(parts, totals, strict=True)), zero)
    onto = along / (size if size > 0 else 1.0)
    return WeightContributions(
        projections=onto.cpu().numpy(),
        norms=grams.sum(dim=(1, 2)).clamp(min=0).sqrt().cpu().numpy(),
        total_norm=float(size),
    )


def _parts(flow: Flow) -> list[tuple[Tensor, Tensor]]:
    """Return D (time, batch, row) and H (time, batch, unit) of the rows of W that read alike, in the sequence's order."""
    nested, turned = flow.one.factors.nested, flow.one.in_time
    gates, previous = in_float64(turned(flow.gates)), in_float64(turned(flow.one.replay.previous))
    if nested is None:
        return [(gates.flatten(2), previous)]
    return [(gates[:, :, :-1].flatten(2), previous), (gates[:, :, -1], in_float64(turned(nested.value)) * previous)]
