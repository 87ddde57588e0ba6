"""On a worker: attention on random queries and keys, with its scores divided and not."""

import torch

from seqviz.experiment.scaling import RandomAttention
from seqviz.records import ScaledAttention
from seqviz.tracing.scaling import scaled_attention


def trace_scaling(subject: RandomAttention) -> ScaledAttention:
    """Return what attention of the subject's width does with random queries, keys and values, in float64."""
    generator = torch.Generator().manual_seed(subject.seed * 2048 + subject.width)
    shape = (4, subject.sequences, subject.keys, subject.width)
    queries, keys, values, arriving = torch.randn(shape, generator=generator, dtype=torch.float64)
    return scaled_attention(queries, keys, values, arriving / torch.linalg.vector_norm(arriving, dim=-1, keepdim=True))
