"""What reads one sentence and writes another, with recurrence or without."""

from collections.abc import Mapping

import numpy as np

from seqviz.experiment.model import Seq2SeqConfig
from seqviz.experiment.transformer import TransformerConfig
from seqviz.models.seq2seq import Seq2Seq, trained_seq2seq
from seqviz.models.transformer import Transformer, trained_transformer

EncoderDecoder = Seq2Seq | Transformer


def trained_encoder_decoder(config: Seq2SeqConfig | TransformerConfig, weights: Mapping[str, np.ndarray]) -> EncoderDecoder:
    """Return the network that ``config`` describes with the ``weights`` of a run, copied, by their PyTorch names."""
    if isinstance(config, TransformerConfig):
        return trained_transformer(config, weights)
    return trained_seq2seq(config, weights)
