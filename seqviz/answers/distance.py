"""Gradients by distance, of untrained networks of one width."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seqviz.errors import TraceError
from seqviz.models import build_causal, build_model, build_seq2seq, build_transformer
from seqviz.models.encoder_decoder import EncoderDecoder
from seqviz.records import Agreement, DistantGradient, LengthTimes
from seqviz.settings import settings
from seqviz.store.writer import this_machine
from seqviz.subjects.distance import NETWORKS, READERS, WRITERS, DistantLoss, TimedLength, UntrainedReader
from seqviz.tracing.distance import Losses, input_agreement, input_norms

INPUTS = 8  # numbers that a reader reads at each step
SYMBOLS, FIRST = 32, 4  # that an encoder-decoder knows; the first of them have their own meanings
APART = 2**31  # so that what is read is drawn apart from the weights, and is the same whatever reads it


@dataclass(frozen=True)
class _Reading:
    """A network in float64 as a function of what it reads, and what that is."""

    losses: Losses
    inputs: Tensor


def answer_distance(subject: DistantLoss) -> DistantGradient:
    """Return how strongly the loss depends on what was read at each distance, seed by seed, in float64.

    Raises:
        LimitError: the sequence or the network is larger than this server allows.
    """
    check_limits(subject, subject.length)
    readings = [_opened(replace(subject, seed=subject.seed + seed, seeds=1, distance=0)) for seed in range(subject.seeds)]
    norms = [input_norms(one.losses, one.inputs).mean(axis=0)[::-1] for one in readings]
    first = 0 if subject.name in READERS else 1
    return DistantGradient(distances=np.arange(first, first + subject.length), norms=np.array(norms))


def answer_distance_agreement(subject: DistantLoss) -> Agreement:
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
    settings().limits.check(length=length, width=subject.width, layers=subject.layers)


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


ROUNDS, FEWEST, ENOUGH_SECONDS = 7, 3, 0.1  # of all networks at one length

Clock = Callable[[], float]


@dataclass(frozen=True)
class Pass:
    """One network's way through one sequence and back; a call makes it once."""

    network: nn.Module
    loss: Callable[[], Tensor]

    def __call__(self) -> tuple[Tensor, ...]:
        """Return the gradient of the loss at each weight."""
        return torch.autograd.grad(self.loss(), list(self.network.parameters()))


def answer_distance_times(subject: TimedLength) -> LengthTimes:
    """Return how long each network of a family takes with one sequence, forward and backward, on this worker's own device.

    Raises:
        LimitError: the sequence or the network is larger than this server allows.
    """
    check_limits(subject, subject.length)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    passes = {name: pass_of(replace(subject, name=name), device) for name in NETWORKS[subject.family]}
    where = f", {torch.cuda.get_device_name()}" if device == "cuda" else ""
    with alike():
        seconds = in_turns(passes, CLOCKS[device])
    return LengthTimes(length=subject.length, seconds=seconds, machine=this_machine() + where)


@contextmanager
def alike() -> Iterator[None]:
    """Let no chain run as one kernel on a processor: oneDNN has one for the LSTM, some 20 times as fast, and for no other.

    On a GPU cuDNN has one for each of them, and it stays.
    """
    kernels: Any = torch.backends.mkldnn
    was, kernels.enabled = kernels.enabled, False
    try:
        yield
    finally:
        kernels.enabled = was


def pass_of(subject: TimedLength, device: str) -> Pass:
    """Return the way of one network, drawn from the seed, through a sequence drawn after it."""
    generator = torch.Generator().manual_seed(subject.seed)
    return (_writing_pass if subject.name in WRITERS else _reading_pass)(subject, generator, device)


def in_turns(works: Mapping[str, Callable[[], object]], now: Clock, waited: Clock = time.monotonic) -> dict[str, np.ndarray]:
    """Return the seconds that each of ``works`` takes, round by round.

    In every round each has one turn, the first one another from round to round, so that whatever else the machine does
    weighs on all alike. A round ahead, which does not count, sets up what is set up once. There are at least ``FEWEST``
    rounds, and then as many, up to ``ROUNDS``, as fit in ``ENOUGH_SECONDS``.

    Args:
        works: by name.
        now: what is read before and after each turn.
        waited: what the rounds are ended by.
    """
    names, taken = list(works), dict[str, list[float]]({name: [] for name in works})
    for work in works.values():
        work()
    start = waited()
    for turn in range(ROUNDS):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            began = now()
            works[name]()
            taken[name].append(now() - began)
        if turn + 1 >= FEWEST and waited() - start >= ENOUGH_SECONDS:
            break
    return {name: np.array(seconds) for name, seconds in taken.items()}


def _reading_pass(subject: TimedLength, generator: torch.Generator, device: str) -> Pass:
    network = build_reader(subject, generator, answer="every").to(device)
    inputs = torch.randn(1, subject.length, INPUTS, generator=generator).to(device)
    return Pass(network, lambda: network(inputs).square().mean())


def _writing_pass(subject: TimedLength, generator: torch.Generator, device: str) -> Pass:
    network = build_writer(subject, generator).to(device)
    source, target = torch.randint(FIRST, SYMBOLS, (2, 1, subject.length), generator=generator).to(device)
    return Pass(network, lambda: F.cross_entropy(network(source, None, target).logits[0], target[0]))


def _gpu_time() -> float:
    torch.cuda.synchronize()
    return time.perf_counter()


# Of this process its processor time, which others on the machine hardly lengthen; of a GPU the clock's, once it is done.
CLOCKS: Mapping[str, Clock] = {"cpu": time.process_time, "cuda": _gpu_time}
