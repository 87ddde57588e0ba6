"""Any network that a run can train: built from its settings, or with the weights of a run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from seqviz.experiment.feedforward import CONNECTIONS
from seqviz.experiment.model import CELLS, ModelConfig
from seqviz.models.captioner import Captioner
from seqviz.models.causal import CausalTransformer
from seqviz.models.feedforward import Feedforward, draw_feedforward
from seqviz.models.filling import empty, filled
from seqviz.models.recurrent import SequenceModel
from seqviz.models.seq2seq import Seq2Seq
from seqviz.models.transformer import Transformer
from seqviz.models.transformer_captioner import TransformerCaptioner

Network = SequenceModel | Seq2Seq | Captioner | Feedforward | Transformer | CausalTransformer | TransformerCaptioner
Axis = tuple[str, int]  # a weight's PyTorch name, and which of its axes


def _initialise(network: Any, generator: torch.Generator) -> None:
    network.initialise(generator)


@dataclass(frozen=True, kw_only=True)
class NetworkKind:
    """How one kind of network is made."""

    module: type[nn.Module]
    make: Callable[[Any, int, int, str], nn.Module]  # config, numbers read and answered at a step, answer → the network
    reads: Axis | None  # how long it is, is how much is read; None where that is no setting
    answers: Axis  # likewise, how much is answered
    draw: Callable[[Any, torch.Generator], None] = _initialise  # draws every weight anew


RECURRENT = NetworkKind(module=SequenceModel, make=SequenceModel, reads=("rnn.weight_ih_l0", 1), answers=("readout.weight", 0))
FEEDFORWARD = NetworkKind(
    module=Feedforward, make=lambda config, read, answered, answer: Feedforward(config, read, answered),
    reads=("linears.0.weight", 1), answers=("readout.weight", 0), draw=draw_feedforward,
)  # fmt: skip

NETWORKS: Mapping[str, NetworkKind] = {
    **dict.fromkeys(CELLS, RECURRENT),
    "seq2seq": NetworkKind(
        module=Seq2Seq, make=lambda config, source, target, answer: Seq2Seq(config, source, target),
        reads=("source_embedding.weight", 0), answers=("target_embedding.weight", 0),
    ),
    "captioner": NetworkKind(
        module=Captioner, make=lambda config, read, words, answer: Captioner(config, words),
        reads=None, answers=("embedding.weight", 0),
    ),
    "transformer": NetworkKind(
        module=Transformer, make=lambda config, source, target, answer: Transformer(config, source, target),
        reads=("source_embedding.weight", 0), answers=("target_embedding.weight", 0),
    ),
    "causal": NetworkKind(
        module=CausalTransformer, make=CausalTransformer, reads=("embedding.weight", 1), answers=("readout.weight", 0)
    ),
    "transformer_captioner": NetworkKind(
        module=TransformerCaptioner, make=lambda config, read, words, answer: TransformerCaptioner(config, words),
        reads=None, answers=("embedding.weight", 0),
    ),
    **dict.fromkeys(CONNECTIONS, FEEDFORWARD),
}  # fmt: skip


@torch.no_grad()
def build_network(
    config: ModelConfig, *, output_size: int, generator: torch.Generator, input_size: int = 0, answer: str = "every"
) -> Any:
    """Return the network that ``config`` describes, its weights drawn from ``generator`` alone.

    Args:
        config: cells, sizes and initialisation.
        output_size: numbers answered at each step: one for each symbol that a decoder knows.
        generator: a CPU generator; the global random state is left alone.
        input_size: numbers read at each step, how many symbols the encoder knows, or coordinates of a point; not asked for
            of a network that sees pictures.
        answer: ``last`` or ``every``: at which steps a network answers that answers as it reads.
    """
    network = _empty(config, input_size, output_size, answer)
    NETWORKS[config.name].draw(network, generator)
    return network


def trained_network(config: ModelConfig, weights: Mapping[str, np.ndarray], *, answer: str = "every") -> Any:
    """Return the network that ``config`` describes with the ``weights`` of a run, copied, by their PyTorch names.

    How much it reads and answers at each step is read off the weights.

    Args:
        config: cells and sizes.
        weights: as the store keeps them.
        answer: ``last`` or ``every``: at which steps a network answers that answers as it reads.

    Raises:
        RuntimeError: a weight is missing, unknown, or of another shape.
    """
    kind = NETWORKS[config.name]
    read, answered = (0 if one is None else weights[one[0]].shape[one[1]] for one in (kind.reads, kind.answers))
    return filled(_empty(config, read, answered, answer), weights)


def _empty(config: ModelConfig, input_size: int, output_size: int, answer: str) -> nn.Module:
    return empty(lambda: NETWORKS[config.name].make(config, input_size, output_size, answer))
