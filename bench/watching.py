"""What watching a training loop costs it."""

import warnings
from collections.abc import Callable, Iterator
from time import perf_counter

import torch
from torch import nn

import seqviz
from bench.line import Line, Reading
from bench.measure import ratio, reading_of

EVERY = 100
SMALL = {"hidden": 32, "time": 50, "batch": 8}  # a step of about 1 ms
LARGE = {"hidden": 128, "time": 100, "batch": 32}  # of more than 10 ms


def lines() -> Iterator[Line]:
    """Give the lines of this wing."""
    yield Line(
        name="watching.loop", title=f"a character model's loop, watched every {EVERY} steps, against the bare loop", unit="×",
        better="lower", target=1.02, measure=loop,
    )  # fmt: skip
    yield Line(
        name="watching.step", title="… one watched step against a plain one of more than 10 ms", unit="×", better="lower",
        target=2.5, measure=step,
    )  # fmt: skip
    yield Line(
        name="watching.small", title="… what watching adds to a step of about 1 ms", unit="ms", better="lower", target=15,
        measure=small,
    )  # fmt: skip


class _Characters(nn.Module):
    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.embed, self.rnn, self.read = nn.Embedding(65, 64), nn.LSTM(64, hidden, num_layers=2), nn.Linear(hidden, 65)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.read(self.rnn(self.embed(tokens))[0])
        return found


def _loop(hidden: int, time: int, batch: int) -> tuple[nn.Module, Callable[[], None]]:
    torch.manual_seed(0)
    model = _Characters(hidden)
    optimizer = torch.optim.Adam(model.parameters())

    def one() -> None:
        tokens = torch.randint(65, (time, batch))
        loss = nn.functional.cross_entropy(model(tokens).flatten(0, 1), tokens.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    return model, one


def loop() -> Reading:
    """Return how many times as long EVERY steps take with the first of them watched."""
    model, one = _loop(**LARGE)

    def steps() -> None:
        for _ in range(EVERY):
            one()

    def watched() -> None:
        with seqviz.watch(model, every=EVERY):
            steps()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return ratio(watched, steps, rounds=9, warmup=1)


def step() -> Reading:
    """Return how many times as long a watched step takes."""
    model, one = _loop(**LARGE)

    def watched() -> None:
        with seqviz.watch(model, every=1):
            one()

    return ratio(watched, one)


def small() -> Reading:
    """Return how many milliseconds watching adds to a small step."""
    model, one = _loop(**SMALL)
    found = []
    for _ in range(41):
        begun = perf_counter()
        one()
        between = perf_counter()
        with seqviz.watch(model, every=1):
            one()
        found.append((perf_counter() - between - (between - begun)) * 1000)
    return reading_of(found)
