"""Measuring on a machine that others use too: interleaved ratios, and latencies with their tail."""

import gc
import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

from bench.line import Reading

Work = Callable[[], object]

SHORTEST_SECONDS = 0.004  # a timing below this is repeated until it is longer: clocks and schedulers are coarse


def ratio(numerator: Work, denominator: Work, *, rounds: int = 21, warmup: int = 2) -> Reading:
    """Return how many times as long ``numerator`` takes as ``denominator``.

    The two take turns, in alternating order, and the median is of the paired ratios of neighbours, so that whatever
    else the machine does weighs on both alike.
    """
    works = (numerator, denominator)
    with _quiet():
        for _ in range(warmup):
            numerator(), denominator()
        repeats = [_repeats(work) for work in works]
        ratios = []
        for turn in range(rounds):
            first = turn % 2
            seconds = [0.0, 0.0]
            for which in (first, 1 - first):
                seconds[which] = _seconds(works[which], repeats[which])
            ratios.append(seconds[0] / seconds[1])
    return reading_of(ratios)


def latency(work: Work, *, count: int = 41, warmup: int = 3) -> Reading:
    """Return how long one call of ``work`` takes, in milliseconds."""
    with _quiet():
        for _ in range(warmup):
            work()
        return reading_of([_seconds(work, 1) * 1000 for _ in range(count)])


def reading_of(values: Sequence[float]) -> Reading:
    """Return the median, the 95th percentile (nearest rank) and the quartiles of ``values``."""
    ordered = sorted(values)

    def rank(share: float) -> float:
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]

    return Reading(median=statistics.median(ordered), p95=rank(0.95), spread=(rank(0.25), rank(0.75)), count=len(ordered))


def _repeats(work: Work) -> int:
    return max(1, math.ceil(SHORTEST_SECONDS / max(_seconds(work, 1), 1e-9)))


def _seconds(work: Work, repeats: int) -> float:
    started = perf_counter()
    for _ in range(repeats):
        work()
    return (perf_counter() - started) / repeats


@contextmanager
def _quiet() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
