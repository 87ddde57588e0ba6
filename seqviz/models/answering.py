"""What reads a sequence and answers as it reads: recurrent, or a decoder-only Transformer."""

from collections.abc import Mapping

import numpy as np

from seqviz.errors import ConfigError
from seqviz.experiment.model import AT_STEPS, MODELS, ModelConfig
from seqviz.models.causal import CausalTransformer
from seqviz.models.network import trained_network
from seqviz.models.recurrent import SequenceModel

Answering = SequenceModel | CausalTransformer


def trained_answering(config: ModelConfig, weights: Mapping[str, np.ndarray], *, answer: str) -> Answering:
    """Return the network that ``config`` describes with the ``weights`` of a run, copied, by their PyTorch names.

    Args:
        config: an RNN's, LSTM's, GRU's or decoder-only Transformer's.
        weights: as the store keeps them.
        answer: ``last`` or ``every``: at which steps it answers.

    Raises:
        ConfigError: it is of another network.
    """
    if MODELS[config.name].answers != AT_STEPS:
        raise ConfigError(f"this works on networks that answer as they read alone, got the {MODELS[config.name].title}")
    network: Answering = trained_network(config, weights, answer=answer)
    return network
