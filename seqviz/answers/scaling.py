"""Attention on random queries and keys, and on those of a trained Transformer, its scores divided and not."""

import torch
from torch import Tensor
from torch.nn import functional as F

from seqviz.answers.examination import dealt
from seqviz.answers.translators import open_translator
from seqviz.errors import ConfigError, TraceError
from seqviz.models import Transformer
from seqviz.models.multihead import Attended
from seqviz.records import HeadScaling, ScaledAttention
from seqviz.store import open_store
from seqviz.subjects.scaling import RandomAttention, TrainedAttention
from seqviz.tasks.translation import buckets_of
from seqviz.tracing.scaling import scaled_attention

DEALT = 500  # held-out sentences, among which those of the length that is asked for are found


def answer_scaling(subject: RandomAttention) -> ScaledAttention:
    """Return what attention of the subject's width does with random queries, keys and values, in float64."""
    generator = torch.Generator().manual_seed(subject.seed * 2048 + subject.width)
    shape = (4, subject.sequences, subject.keys, subject.width)
    queries, keys, values, arriving = torch.randn(shape, generator=generator, dtype=torch.float64)
    return scaled_attention(queries, keys, values, _of_norm_1(arriving))


@torch.no_grad()
def answer_scaling_trained(subject: TrainedAttention) -> HeadScaling:
    """Return what each head of the encoder's self-attention does with held-out sentences, its scores divided and not.

    Raises:
        StoreError: there is no such run.
        ConfigError: the run does not translate, or is of no Transformer.
        TraceError: no held-out sentence has so many words.
    """
    model, sources = _opened(subject)
    did = model.encoder(model.embed(sources))
    attended = [part.attended for layer in did.layers for part in layer if part.attended is not None]
    return HeadScaling(layers=tuple(_heads(each) for each in attended))


def _opened(subject: TrainedAttention) -> tuple[Transformer, Tensor]:
    translator = open_translator(open_store(), subject.run)
    if not isinstance(translator.model, Transformer):
        raise ConfigError(f"only Transformers have queries and keys; run {subject.run} is of another network")
    every = dealt(translator.task.corpus, DEALT, max(translator.task.longest, subject.words))
    pairs = tuple(pair for pair in every if len(pair.source) == subject.words)[: subject.sentences]
    if not pairs:
        raise TraceError(f"among {DEALT} held-out sentences none has {subject.words} words")
    return translator.model.double(), buckets_of(pairs, translator.source, translator.target)[0][0]


def _heads(attended: Attended) -> tuple[ScaledAttention, ...]:
    generator = torch.Generator().manual_seed(0)  # of the directions that gradients arrive from
    arriving = _of_norm_1(torch.randn(attended.values.shape, generator=generator, dtype=torch.float64))
    parts = zip(*(each.unbind(1) for each in (attended.queries, attended.keys, attended.values, arriving)), strict=True)
    return tuple(scaled_attention(*head) for head in parts)


def _of_norm_1(directions: Tensor) -> Tensor:
    return F.normalize(directions, dim=-1)
