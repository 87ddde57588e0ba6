"""The networks that scripts have, by kind."""

from collections.abc import Callable, Mapping
from typing import Any

import torch

from seqviz.experiment import FeedforwardConfig
from seqviz.export.plan import PLAN
from seqviz.export.templates.captioner import TransformerCaptioner
from seqviz.export.templates.recurrent import Network
from seqviz.export.templates.seq2seq import EncoderDecoder
from seqviz.export.templates.transformer import CausalTransformer, Transformer
from seqviz.models.feedforward import Feedforward

MODEL = FeedforwardConfig()

NETWORKS: Mapping[str, Callable[[int, int], Any]] = {
    "recurrent": Network,
    "feedforward": lambda input_size, output_size: Feedforward(MODEL, input_size, output_size),
    "seq2seq": EncoderDecoder,
    "causal": CausalTransformer,
    "transformer": Transformer,
    "transformer_captioner": TransformerCaptioner,
}


@torch.no_grad()
def build_network(input_size: int, output_size: int) -> Any:
    """Return the network as it is before training: the seed decides every weight."""
    network = NETWORKS[PLAN.network](input_size, output_size)
    network.initialise(torch.Generator().manual_seed(PLAN.seed))
    return network
