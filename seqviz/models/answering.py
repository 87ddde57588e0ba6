"""What reads a sequence and answers as it reads: recurrent, or a decoder-only Transformer."""

from collections.abc import Mapping

import numpy as np

from seqviz.errors import ConfigError
from seqviz.experiment.model import MODELS, ModelConfig, RecurrentConfig, TransformerConfig
from seqviz.models.causal import CausalTransformer, trained_causal
from seqviz.models.recurrent import SequenceModel, trained_model

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
    if isinstance(config, RecurrentConfig):
        return trained_model(config, weights, answer=answer)
    if isinstance(config, TransformerConfig) and config.name == "causal":
        return trained_causal(config, weights, answer=answer)
    raise ConfigError(f"this works on networks that answer as they read alone, got the {MODELS[config.name].title}")
