"""On a worker: how long untrained networks of one width take with sequences of one length, forward and backward."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seqviz.answers.distance import FIRST, INPUTS, SYMBOLS, build_reader, build_writer, check_limits
from seqviz.records import LengthTimes
from seqviz.store.writer import this_machine
from seqviz.subjects.distance import NETWORKS, WRITERS, TimedLength

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


def time_length(subject: TimedLength) -> LengthTimes:
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
    """Return the way of one network, drawn from the seed, through a sequence drawn behind it."""
    generator = torch.Generator().manual_seed(subject.seed)
    return (_writing if subject.name in WRITERS else _reading)(subject, generator, device)


def in_turns(works: Mapping[str, Callable[[], object]], now: Clock, waited: Clock = time.monotonic) -> dict[str, np.ndarray]:
    """Return the seconds that each of ``works`` takes, round by round.

    In every round each has one turn, the first one another from round to round, so that whatever else the machine does
    weighs on all alike. A round ahead, which does not count, sets up what is set up once. There are at least ``FEWEST``
    rounds, and then as many, up to ``ROUNDS``, as somebody who waits has ``ENOUGH_SECONDS`` for.

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


def _reading(subject: TimedLength, generator: torch.Generator, device: str) -> Pass:
    network = build_reader(subject, generator, answer="every").to(device)
    inputs = torch.randn(1, subject.length, INPUTS, generator=generator).to(device)
    return Pass(network, lambda: network(inputs).square().mean())


def _writing(subject: TimedLength, generator: torch.Generator, device: str) -> Pass:
    network = build_writer(subject, generator).to(device)
    source, target = torch.randint(FIRST, SYMBOLS, (2, 1, subject.length), generator=generator).to(device)
    return Pass(network, lambda: F.cross_entropy(network(source, None, target).logits[0], target[0]))


def _gpu_time() -> float:
    torch.cuda.synchronize()
    return time.perf_counter()


# Of this process its processor time, which others on the machine hardly lengthen; of a GPU the clock's, once it is done.
CLOCKS: Mapping[str, Clock] = {"cpu": time.process_time, "cuda": _gpu_time}
