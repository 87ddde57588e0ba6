"""A text read by a network made of somebody's own weights: gates, and gradients of what it predicts."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from seqviz.models.own import OwnNetwork
from seqviz.records import WeightsTrace
from seqviz.tracing.gates import trace_gates
from seqviz.tracing.gradient_flow import gradient_flow
from seqviz.tracing.gradient_map import gradient_map

# What gradients are of, by whether the network predicts the next token, and whether it answers at all.
ASKED = {
    (True, True): "the last token's loss", (False, True): "the loss of its own likeliest answer",
    (False, False): "half the last state's squared size",
}  # fmt: skip
MOST_MAPPED = 200  # tokens: the map of each loss against each state grows with their square


def weights_trace(network: OwnNetwork, ids: Sequence[int], tokens: Sequence[str]) -> WeightsTrace:
    """Return what the network does while it reads ``ids``, and the gradients of its losses.

    Where it predicts as many answers as it knows symbols, the loss at a token is that of the next token; else it is that of its
    own likeliest answer at the end, or, without an output layer, half the squared size of the last state.
    """
    predicts = network.output is not None and len(network.output) == network.symbols and len(ids) > 1
    read, wanted = (ids[:-1], torch.tensor(list(ids[1:]))) if predicts else (ids, None)
    inputs = network.read(read)

    def losses(output: Tensor, final: object = None) -> Tensor:
        answers = network.answer(output[:, 0])
        assert answers is not None
        assert wanted is not None
        return nn.functional.cross_entropy(answers, wanted, reduction="none")

    def last(output: Tensor, final: object = None) -> Tensor:
        answers = network.answer(output[-1, 0])
        if answers is None:
            return output[-1].square().sum() / 2
        return losses(output)[-1] if predicts else -answers.log_softmax(0).max()

    each, mapped = None, None
    if predicts:
        each = losses(network.rnn(inputs)[0]).detach().numpy()
        mapped = gradient_map(network.rnn, inputs, losses, separable=True) if len(read) <= MOST_MAPPED else None
    return WeightsTrace(
        kind=type(network.rnn).__name__,
        names=dict(network.names),
        tokens=tuple(tokens),
        asked=ASKED[predicts, network.output is not None],
        gates=trace_gates(network.rnn, inputs),
        flow=gradient_flow(network.rnn, inputs, last),
        map=mapped,
        losses=each,
    )
