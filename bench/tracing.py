"""Tracing: T = 100, batch 32, hidden 64, float32, two torch threads, unless a line says otherwise."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

import seqviz
from bench.line import Line, Reading
from bench.measure import ratio
from bench.threads import threads
from bench.unrolled import keep_gates, map_by_backward, map_by_grad, retained_gradients

THREADS = 2


@dataclass(frozen=True)
class Setting:
    """A network and what it reads."""

    cell: type[nn.RNNBase]
    time: int = 100
    batch: int = 32
    hidden: int = 64

    def draw(self) -> tuple[nn.RNNBase, Tensor]:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            rnn: nn.RNNBase = self.cell(self.hidden, self.hidden)
            return rnn, torch.randn(self.time, self.batch, self.hidden)


Pair = Callable[[nn.RNNBase, Tensor], tuple[Callable[[], object], Callable[[], object]]]


def _collected(work: Callable[[], object]) -> Callable[[], object]:
    """Return ``work`` with the garbage collector on: the graph's many objects are part of what unrolled cells cost."""

    def run() -> object:
        gc.enable()
        return work()

    return run


def _measured(setting: Setting, pair: Pair, rounds: int) -> Callable[[], Reading]:
    def measure() -> Reading:
        with threads(THREADS):
            return ratio(*map(_collected, pair(*setting.draw())), rounds=rounds, warmup=1)

    return measure


def last_loss(output: Tensor, final: object = None) -> Tensor:
    """The loss at the last step, summed over sequences."""
    return output[-1].square().sum()


def losses(output: Tensor, final: object = None) -> Tensor:
    """A loss at every step, of that step's output alone."""
    return output.square().sum(dim=(1, 2))


def running_losses(output: Tensor, final: object = None) -> Tensor:
    """A loss at every step, of all outputs up to it."""
    return losses(output).cumsum(0)


def mixed_losses(output: Tensor, final: object = None) -> Tensor:
    """A loss at every step, of all outputs."""
    return running_losses(output) + output.sum()


def _packed(rnn: nn.RNNBase, inputs: Tensor, what: str) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return the trace ``what`` of sequences of different lengths, packed, and of the same batch padded."""
    packed = pack_padded_sequence(inputs, torch.linspace(len(inputs), len(inputs) // 5, inputs.shape[1]).long())

    def at_each(output: PackedSequence, final: object = None) -> Tensor:
        return losses(pad_packed_sequence(output)[0])

    def of_all(output: PackedSequence | Tensor, final: object = None) -> Tensor:
        return (output.data if isinstance(output, PackedSequence) else output).square().sum()

    if what == "gates":
        return lambda: seqviz.trace_gates(rnn, packed), lambda: seqviz.trace_gates(rnn, inputs)
    if what == "flow":
        return lambda: seqviz.gradient_flow(rnn, packed, of_all), lambda: seqviz.gradient_flow(rnn, inputs, of_all)
    return lambda: seqviz.gradient_map(rnn, packed, at_each, separable=True), _map(rnn, inputs)


def forward_alone(rnn: nn.RNNBase, inputs: Tensor) -> object:
    """Run the fused kernel, and nothing else."""
    with torch.no_grad():
        return rnn(inputs)


def training_step(rnn: nn.RNNBase, inputs: Tensor) -> Callable[[], None]:
    """Return one ordinary training step: forward, loss, backward, update; at a rate of 0, so that nothing drifts."""
    optimizer = torch.optim.SGD(rnn.parameters(), lr=0.0)

    def step() -> None:
        optimizer.zero_grad()
        last_loss(rnn(inputs)[0]).backward()
        optimizer.step()

    return step


def products_alone(rnn: nn.RNNBase, inputs: Tensor) -> Callable[[], None]:
    """Return the matrix products that take the gate gradients of all later losses back one step, for every step."""
    recurrent = rnn.all_weights[0][1].detach()
    time, batch = inputs.shape[:2]
    rows, out = torch.ones(time * batch, recurrent.shape[0]), torch.empty(time * batch, recurrent.shape[1])

    def run() -> None:
        for step in range(1, time):
            torch.mm(rows[step * batch :], recurrent, out=out[step * batch :])

    return run


def _map(rnn: nn.RNNBase, inputs: Tensor) -> Callable[[], object]:
    return lambda: seqviz.gradient_map(rnn, inputs, losses, separable=True)


def lines() -> Iterator[Line]:
    """Give the promises of tracing."""
    lstm, long = Setting(nn.LSTM), Setting(nn.LSTM, time=200, batch=1, hidden=128)

    def line(
        name: str, title: str, setting: Setting, pair: Pair, target: float, *, faster: bool = True, rounds: int = 21
    ) -> Line:
        return Line(
            name=name, title=title, unit="×", better="higher" if faster else "lower", target=target,
            measure=_measured(setting, pair, rounds),
        )  # fmt: skip

    yield line(
        "gates.fused", "trace_gates (LSTM) against a bare fused forward", lstm,
        lambda rnn, x: (lambda: seqviz.trace_gates(rnn, x), lambda: forward_alone(rnn, x)), 2.5, faster=False, rounds=41,
    )  # fmt: skip
    yield line(
        "gates.unrolled", "trace_gates (LSTM): times faster than unrolled cells that keep their gates", lstm,
        lambda rnn, x: (lambda: keep_gates(rnn, x), lambda: seqviz.trace_gates(rnn, x)), 2.0,
    )  # fmt: skip
    yield line(
        "flow.unrolled", "gradient_flow (LSTM): times faster than unrolled cells with retain_grad", lstm,
        lambda rnn, x: (lambda: retained_gradients(rnn, x, last_loss), lambda: seqviz.gradient_flow(rnn, x, last_loss)), 2.0,
    )  # fmt: skip
    yield line(
        "flow.training", "gradient_flow (LSTM) against one ordinary training step", lstm,
        lambda rnn, x: (lambda: seqviz.gradient_flow(rnn, x, last_loss), training_step(rnn, x)), 2.5, faster=False,
    )  # fmt: skip
    yield line(
        "map.backward", "gradient_map (LSTM): times faster than one backward() for each loss", lstm,
        lambda rnn, x: (lambda: map_by_backward(rnn, x, losses), _map(rnn, x)), 13.0, rounds=7,
    )  # fmt: skip
    yield line(
        "map.grad", "gradient_map (LSTM): times faster than one autograd.grad for each loss", lstm,
        lambda rnn, x: (lambda: map_by_grad(rnn, x, losses), _map(rnn, x)), 8.0, rounds=7,
    )  # fmt: skip
    yield line(
        "map.products", "gradient_map (LSTM) against the matrix products of all losses, gate by gate, alone", lstm,
        lambda rnn, x: (_map(rnn, x), products_alone(rnn, x)), 1.5, faster=False,
    )  # fmt: skip
    yield line(
        "map.long", "gradient_map (LSTM, T = 200, batch 1, hidden 128): times faster than backward()", long,
        lambda rnn, x: (lambda: map_by_backward(rnn, x, losses), _map(rnn, x)), 50.0, rounds=5,
    )  # fmt: skip
    large = Setting(nn.LSTM, time=1000, batch=1, hidden=512)
    for name, what, asked in (("large", "that read all so far", running_losses), ("mixed", "that read all", mixed_losses)):
        yield line(
            f"map.{name}", f"gradient_map (LSTM-512, T = 1,000) of losses {what} against separable", large,
            lambda rnn, x, asked=asked: (lambda: seqviz.gradient_map(rnn, x, asked), _map(rnn, x)), 2.0, faster=False, rounds=1,
        )  # fmt: skip
    yield line(
        "map.found", "gradient_map (LSTM) of separable losses without the promise, against with it", lstm,
        lambda rnn, x: (lambda: seqviz.gradient_map(rnn, x, losses), _map(rnn, x)), 1.4, faster=False,
    )  # fmt: skip
    for what, target in (("flow", 1.3), ("gates", 1.3), ("map", 1.3)):
        yield line(
            f"packed.{what}", f"{what} (LSTM) of a packed batch of 20 to 100 steps, against the padded one", lstm,
            lambda rnn, x, what=what: _packed(rnn, x, what), target, faster=False,
        )  # fmt: skip
    for cell, name in ((nn.GRU, "GRU"), (nn.RNN, "RNN")):
        yield line(
            f"map.{name.lower()}", f"gradient_map ({name}): times faster than one autograd.grad for each loss", Setting(cell),
            lambda rnn, x: (lambda: map_by_grad(rnn, x, losses), _map(rnn, x)), 7.0, rounds=7,
        )  # fmt: skip
