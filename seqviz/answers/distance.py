"""On a worker: gradients by distance, of untrained networks of one width."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from seqviz.errors import LimitError, TraceError
from seqviz.models import build_causal, build_model, build_seq2seq, build_transformer
from seqviz.models.encoder_decoder import EncoderDecoder
from seqviz.records import Agreement, DistantGradient
from seqviz.settings import settings
from seqviz.subjects.distance import READERS, WRITERS, DistantLoss, UntrainedReader
from seqviz.tracing.distance import Losses, input_agreement, input_norms

INPUTS = 8  # numbers that a reader reads at each step
SYMBOLS, FIRST = 32, 4  # that an encoder-decoder knows; the first of them have their own meanings
APART = 2**31  # so that what is read is drawn apart from the weights, and is the same whatever reads it


@dataclass(frozen=True)
class _Reading:
    """A network in float64 as a function of what it reads, and what that is."""

    losses: Losses
    inputs: Tensor


def trace_distance(subject: DistantLoss) -> DistantGradient:
    """Return how strongly the loss depends on what was read at each distance, seed by seed, in float64.

    Raises:
        LimitError: the sequence or the network is larger than this server allows.
    """
    check_limits(subject, subject.length)
    readings = [_opened(replace(subject, seed=subject.seed + seed, seeds=1, distance=0)) for seed in range(subject.seeds)]
    norms = [input_norms(one.losses, one.inputs).mean(axis=0)[::-1] for one in readings]
    first = 0 if subject.name in READERS else 1
    return DistantGradient(distances=np.arange(first, first + subject.length), norms=np.array(norms))


def check_distance(subject: DistantLoss) -> Agreement:
    """Hold the gradient at one distance, of the first seed's first sequence, against finite differences.

    Raises:
        LimitError: the sequence or the network is larger than this server allows.
        TraceError: the sequence has no such distance.
    """
    check_limits(subject, subject.length)
    nearest = 0 if subject.name in READERS else 1
    if not nearest <= subject.distance < subject.length + nearest:
        raise TraceError(f"steps back must be in [{nearest}, {subject.length + nearest - 1}] here, got {subject.distance}")
    one = _opened(replace(subject, seeds=1, distance=0))
    return input_agreement(one.losses, one.inputs[:1], subject.length - 1 - (subject.distance - nearest))


def check_limits(subject: UntrainedReader, length: int) -> None:
    """Refuse what is larger than this server allows.

    Raises:
        LimitError: the sequence or the network is.
    """
    limits = settings().limits
    for name, size in (("length", length), ("width", subject.width), ("layers", subject.layers)):
        most: int = getattr(limits, name)
        if size > most:
            raise LimitError(f"{name} may be at most {most:,} on this server, got {size:,}")


def build_reader(subject: UntrainedReader, generator: torch.Generator, answer: str) -> torch.nn.Module:
    """Return what reads, its weights drawn from ``generator``; it answers at the ``"last"`` step, or at ``"every"`` one."""
    sizes = {"input_size": INPUTS, "output_size": 1, "answer": answer, "generator": generator}
    if subject.name == "causal":
        return build_causal(subject.transformer, **sizes)  # type: ignore[arg-type]
    return build_model(subject.recurrent, **sizes)  # type: ignore[arg-type]


def build_writer(subject: UntrainedReader, generator: torch.Generator) -> EncoderDecoder:
    """Return what reads and writes, its weights drawn from ``generator``."""
    if subject.name == "transformer":
        return build_transformer(subject.transformer, source_words=SYMBOLS, target_words=SYMBOLS, generator=generator)
    return build_seq2seq(subject.encoder_decoder, source_words=SYMBOLS, target_words=SYMBOLS, generator=generator)


@lru_cache(maxsize=64)  # the checks follow on the figure of the same networks
def _opened(subject: DistantLoss) -> _Reading:
    generator = torch.Generator().manual_seed(subject.seed)
    data = torch.Generator().manual_seed(subject.seed + APART)
    return _writing(subject, generator, data) if subject.name in WRITERS else _reading(subject, generator, data)


def _reading(subject: DistantLoss, generator: torch.Generator, data: torch.Generator) -> _Reading:
    network = build_reader(subject, generator, answer="last").double().requires_grad_(False)
    inputs = torch.randn(subject.sequences, subject.length, INPUTS, generator=data, dtype=torch.float64)
    targets = torch.randn(subject.sequences, 1, generator=data, dtype=torch.float64)

    def losses(read: Tensor) -> Tensor:
        wanted = targets if len(read) == len(targets) else targets[:1]
        errors: Tensor = network(read) - wanted
        return errors.square().sum(-1)

    return _Reading(losses, inputs)


def _writing(subject: DistantLoss, generator: torch.Generator, data: torch.Generator) -> _Reading:
    network = build_writer(subject, generator).double().requires_grad_(False)
    source = torch.randint(FIRST, SYMBOLS, (subject.sequences, subject.length), generator=data)
    targets = torch.randint(FIRST, SYMBOLS, (subject.sequences, 1), generator=data)

    def losses(embedded: Tensor) -> Tensor:
        wanted = targets if len(embedded) == len(targets) else targets[:1].expand(len(embedded), -1)
        logits = network.decode(network.encode_embedded(embedded), wanted).logits
        return F.cross_entropy(logits[:, 0], wanted[:, 0], reduction="none")

    return _Reading(losses, network.embed(source))
