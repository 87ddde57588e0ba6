"""Any network that a run can train, built from its settings."""

import torch

from seqviz.experiment.model import CaptionerConfig, FeedforwardConfig, ModelConfig, Seq2SeqConfig, TransformerConfig
from seqviz.models.captioner import Captioner, build_captioner
from seqviz.models.causal import CausalTransformer, build_causal
from seqviz.models.feedforward import Feedforward, build_feedforward
from seqviz.models.recurrent import SequenceModel, build_model
from seqviz.models.seq2seq import Seq2Seq, build_seq2seq
from seqviz.models.transformer import Transformer, build_transformer
from seqviz.models.transformer_captioner import TransformerCaptioner, build_transformer_captioner

Network = SequenceModel | Seq2Seq | Captioner | Feedforward | Transformer | CausalTransformer | TransformerCaptioner


def build_network(
    config: ModelConfig, *, input_size: int, output_size: int, answer: str, generator: torch.Generator
) -> Network:
    """Return the network that ``config`` describes, its weights drawn from ``generator`` alone.

    Args:
        config: cells, sizes and initialisation.
        input_size: numbers read at each step, how many symbols the encoder knows, colours of a pixel, or
            coordinates of a point.
        output_size: numbers answered at each step: one for each symbol that a decoder knows.
        answer: ``last`` or ``every``: at which steps a recurrent network answers; a decoder answers with a ``sequence``,
            or about a ``picture``; a feed-forward network answers to a ``point``.
        generator: a CPU generator; the global random state is left alone.
    """
    if isinstance(config, Seq2SeqConfig):
        return build_seq2seq(config, source_words=input_size, target_words=output_size, generator=generator)
    if isinstance(config, CaptionerConfig):
        return build_captioner(config, words=output_size, generator=generator)
    if isinstance(config, FeedforwardConfig):
        return build_feedforward(config, input_size=input_size, output_size=output_size, generator=generator)
    if isinstance(config, TransformerConfig):
        return _build_transformer(config, input_size, output_size, answer, generator)
    return build_model(config, input_size=input_size, output_size=output_size, answer=answer, generator=generator)


def _build_transformer(
    config: TransformerConfig, input_size: int, output_size: int, answer: str, generator: torch.Generator
) -> Transformer | CausalTransformer | TransformerCaptioner:
    if config.name == "causal":
        return build_causal(config, input_size=input_size, output_size=output_size, answer=answer, generator=generator)
    if config.name == "transformer_captioner":
        return build_transformer_captioner(config, words=output_size, generator=generator)
    return build_transformer(config, source_words=input_size, target_words=output_size, generator=generator)
