"""A traced gradient checked against finite differences."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqviz.errors import TraceError
from seqviz.records import Agreement
from seqviz.registry import look_up
from seqviz.tracing.forward import as_tuple, read_forward, run_direction, run_layer
from seqviz.tracing.gradient_flow import flows
from seqviz.tracing.losses import Loss, Losses
from seqviz.tracing.network import Network, Reading, State, in_module_layout, read_inputs, read_network, untouched
from seqviz.tracing.place import check_index, check_place

WIDTHS = tuple(10.0**-power for power in range(1, 8))  # of the nudge, in units of the state
FINE_WIDTHS = (1e-9, 1e-11, 1e-13)
ROUNDING = 2.0**-52
RESOLVED = 10.0  # a gradient must be this many times its uncertainty to count


def agreement(  # noqa: PLR0913  of what, where, and which of the two states
    rnn: nn.Module,
    inputs: Tensor,
    loss: Loss,
    layer: int = 0,
    direction: int = 0,
    time: int = 0,
    *,
    of: str = "hidden",
    state: State | None = None,
) -> Agreement:
    """Hold the traced gradient at one state against central finite differences.

    The state of all sequences is nudged along one direction, half the gradient's own and half random, and the rest of the
    sequence is run again with the fused kernels, in float64. Of several step widths the one with the smallest estimated
    error is taken, without a look at the gradient; where the gradient is smaller than that error, this is said instead.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``, or a recurrent module of seqviz; it is left as it is.
        inputs: in the module's own layout.
        loss: takes what the module returns, in float64, and returns one value.
        layer: 0 reads the input.
        direction: 1 is the backward direction of a bidirectional network.
        time: the position in the sequence whose state is nudged.
        of: "hidden" for ∂L/∂h_t, "cell" for an LSTM's ∂L/∂c_t.
        state: the initial state as the module takes it; zeros where None.

    Raises:
        UnsupportedModelError: ``rnn`` is not supported.
        TraceError: ``inputs`` or ``state`` do not fit, are empty or not finite; no such layer, direction, time or cell
            state; the loss is no single value that depends on the output.
        UnknownNameError: ``of`` is neither.

    Example:
        >>> found = agreement(nn.LSTM(3, 5).double(), torch.ones(7, 2, 3).double(), lambda output, final: output[-1].sum())
        >>> found.relative_error < 1e-5
        True
    """
    with untouched(runs_loss=True):
        network = read_network(rnn)
        check_place(network, layer, direction)
        reading = read_inputs(network, inputs, state)
        if reading.lengths is not None:
            raise TraceError("agreement nudges all sequences at one step; give it a padded batch, or one sequence at a time")
        check_index("time", time, len(reading.inputs))
        if look_up({"hidden": False, "cell": True}, of, "state") and not network.has_cell:
            raise TraceError(f"only an LSTM has a cell state, not a {network.mode}")
        if network.is_checked:
            read_forward(network, reading)  # in the module's own precision, in which it can be called
        nudging = _Nudging(network.double(), reading.double(), loss, layer, direction)
        return nudging.agreement(time, of == "cell")


def agreement_along(gradient: Tensor, value: Callable[[Tensor], float]) -> Agreement:
    """Check ``gradient`` against central differences of ``value``, which takes a nudge of the gradient's shape.

    The nudge is along one direction, half the gradient's own and half random.
    """
    along = _direction(gradient)
    return _held_against(gradient, along, best_difference(lambda width: value(along * width)))


def agreement_at_once(gradient: Tensor, values: Callable[[Tensor], Tensor]) -> Agreement:
    """Do as :func:`agreement_along`, where ``values`` takes all nudges at once (nudge, …) and returns a value for each.

    Also far smaller nudges are tried, for gradients so large that no other is small.
    """
    along = _direction(gradient)
    widths = [sign * width for width in (*WIDTHS, *FINE_WIDTHS) for sign in (1, -1)]
    nudges = gradient.new_tensor(widths).view(-1, *([1] * gradient.dim())) * along
    found = dict(zip(widths, values(nudges).tolist(), strict=True))
    difference = best_difference(found.__getitem__, (*WIDTHS, *FINE_WIDTHS), relative=True)
    return _held_against(gradient, along, difference, abs(difference.value))


def _held_against(gradient: Tensor, along: Tensor, found: "_Difference", size: float = 0.0) -> Agreement:
    """Check ``gradient`` against a difference ``along`` a direction; ``size``, if given, must exceed its uncertainty."""
    traced = float((gradient * along).sum())
    resolved = (size or max(abs(traced), abs(found.value))) > RESOLVED * found.uncertainty
    off = abs(found.value - traced)
    error = off / abs(traced) if traced else float("inf")
    return Agreement(relative_error=error if resolved else None, gradient=traced, difference=found.value)


@dataclass(frozen=True)
class _Difference:
    """A central difference and an estimate of its error."""

    value: float
    uncertainty: float


class _Nudging:
    """A reading whose state can be nudged at any step, to see what that does to the loss."""

    def __init__(self, network: Network, reading: Reading, loss: Loss, layer: int, direction: int) -> None:
        self._network, self._reading, self._loss = network, reading, loss
        self._layer, self._direction = layer, direction
        self._forward = read_forward(network, reading)
        self._one = self._forward.passes[layer][direction]

    def agreement(self, time: int, of_cell: bool) -> Agreement:
        step = len(self._reading.inputs) - 1 - time if self._one.backward else time
        return agreement_along(self._gradient(step, of_cell), lambda nudge: self._value(step, of_cell, nudge))

    def _gradient(self, step: int, of_cell: bool) -> Tensor:
        local = Losses(self._network, self._reading, self._forward, self._loss, ()).gradient()
        wanted = (self._network.layers - 1 - self._layer) * self._network.directions + self._direction
        flow = next(flow for index, flow in enumerate(flows(self._network, self._forward, local)) if index == wanted)
        states = flow.cell if of_cell else flow.hidden
        assert states is not None
        return states[step]

    def _value(self, step: int, of_cell: bool, nudge: Tensor) -> float:
        """Return the loss with the state after ``step`` moved by ``nudge``."""
        replay = self._one.replay
        hidden, cell = replay.hidden[step], None if replay.cell is None else replay.cell[step]
        if of_cell:
            assert cell is not None
            assert self._one.cell.hidden is not None
            cell = cell + nudge
            hidden = self._one.cell.hidden(self._one.weights, replay, step, cell)
        else:
            hidden = hidden + nudge
        rest, last_cell = run_direction(self._network, self._one.weights, self._one.inputs[step + 1 :], hidden, cell)
        states = torch.cat([replay.hidden[:step], hidden.unsqueeze(0), rest])
        output, final = self._upwards(states, last_cell)
        return float(self._loss(in_module_layout(self._network, self._reading, output), final))

    def _upwards(self, states: Tensor, last_cell: Tensor | None) -> tuple[Tensor, State]:
        """Return the network's output and final state, were ``states`` those of the nudged layer and direction."""
        network, passes = self._network, self._forward.passes[self._layer]
        values = torch.cat([one.in_time(states if one is self._one else one.hidden) for one in passes], dim=-1)
        finals = [one.clone() for one in as_tuple(self._forward.final)]
        index = self._layer * network.directions + self._direction
        finals[0][index] = states[-1]
        if last_cell is not None:
            finals[1][index] = last_cell
        for layer in range(self._layer + 1, network.layers):
            values, *last = run_layer(network, self._reading, layer, values)
            for final, own in zip(finals, last, strict=True):
                final[layer * network.directions : (layer + 1) * network.directions] = own
        parts = [one.squeeze(1) if self._reading.unbatched else one for one in finals]
        return values, (parts[0], parts[1]) if network.has_cell else parts[0]


def _direction(gradient: Tensor) -> Tensor:
    """Return a unit vector half along ``gradient``, so that there is something to see, and half random."""
    random = torch.randn(gradient.shape, generator=torch.Generator().manual_seed(0), dtype=gradient.dtype)
    random = random.to(gradient.device)
    size = torch.linalg.vector_norm(gradient)
    along = random / torch.linalg.vector_norm(random) + (gradient / size if size > 0 else 0.0)
    unit: Tensor = along / torch.linalg.vector_norm(along)
    return unit


def best_difference(
    value: Callable[[float], float], widths: Sequence[float] = WIDTHS, *, relative: bool = False
) -> _Difference:
    """Return the central difference of ``value`` around 0 whose estimated error is smallest.

    What truncation costs is read off the next smaller width; what rounding costs, from the size of the values.

    Args:
        value: takes a step.
        widths: of the steps, falling.
        relative: whether an error is measured by the difference's own size, where differences may be large.
    """
    pairs = [(value(width), value(-width)) for width in widths]
    slopes = [(up - down) / (2 * width) for (up, down), width in zip(pairs, widths, strict=True)]
    rounding = [ROUNDING * (abs(up) + abs(down)) / width for (up, down), width in zip(pairs, widths, strict=True)]
    found = [
        _Difference(slope, abs(slope - finer) + noise)
        for slope, finer, noise in zip(slopes, slopes[1:], rounding, strict=False)
    ]
    return min(found, key=lambda one: _error(one, relative))


def _error(one: _Difference, relative: bool) -> float:
    if not math.isfinite(one.uncertainty) or (relative and one.value == 0):
        return math.inf
    return one.uncertainty / abs(one.value) if relative else one.uncertainty
