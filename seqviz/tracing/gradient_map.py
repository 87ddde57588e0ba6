"""How strongly each of many losses depends on each state: the map over loss time and state time."""

from collections.abc import Callable
from itertools import combinations, count, islice
from math import comb
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.errors import TraceError
from seqviz.records import GradientMap
from seqviz.tracing.adjoint import Arrivals, Dense, Diagonal, InputGradients, carry_back, norms
from seqviz.tracing.forward import Forward, Pass, read_forward
from seqviz.tracing.inside import find_inside
from seqviz.tracing.lengths import GivenLengths, Lengths
from seqviz.tracing.losses import Local, Losses
from seqviz.tracing.network import Network, State, is_finite, read_inputs, read_network, untouched
from seqviz.tracing.rescaled import carry_all_back

CHUNK_BYTES = 384_000_000  # of gradients that travel back together: the more, the fewer times each Jacobian is formed
Finals = tuple[Tensor | None, Tensor | None]  # one loss's gradients at the last hidden and cell states
PROBE_ERROR = 1e-3  # of what a probe expects: rounding is far below it, another loss's gradient far above


def gradient_map(
    rnn: nn.Module,
    inputs: Any,
    losses: Callable[..., Tensor],
    state: State | None = None,
    *,
    layer: str | None = None,
    lengths: GivenLengths | None = None,
    separable: bool = False,
) -> GradientMap:
    """Trace how strongly each of T losses depends on every hidden and cell state.

    All losses travel back through time together, as one batch; no loss needs a backward pass of its own. Losses that each read
    their own step alone are found to do so.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``, a recurrent module of seqviz, or a model with one inside; it is left as
            it is.
        inputs: in the module's own layout, padded or packed; unbatched input counts as a batch of 1. Of a whole model, what
            the model takes: a tuple of several arguments, a mapping of named ones.
        losses: takes what the module returns, ``(output, final_state)``, and returns one loss for each time step; the output
            is packed where the inputs are. Of a whole model, it takes what the model returns.
        state: the initial state as the module takes it; zeros where None.
        layer: the recurrent layer inside a whole model, by its name in ``named_modules()``; None for the only one.
        lengths: of the sequences of a padded batch, each of which is then read as if it were alone.
        separable: promises that ``losses[i]`` reads the output at time i alone, which saves finding it out. One probe checks
            the promise.

    Raises:
        UnsupportedModelError: ``rnn`` is not supported.
        TraceError: ``inputs`` or ``state`` do not fit, are empty or not finite, the losses are not one value for each
            step, or losses promised to be separable read another step or the final state.

    Example:
        >>> traced = gradient_map(nn.GRU(3, 5), torch.zeros(7, 2, 3), lambda output, final: output.sum(dim=(1, 2)))
        >>> traced.norms.shape, bool((traced.norms[0, 0, 0, 2, 3:] == 0).all())
        ((1, 1, 2, 7, 7), True)
    """
    with untouched(runs_loss=True):
        inside = find_inside(rnn, inputs, state, layer, lengths)
        network = read_network(inside.layer)
        reading = read_inputs(network, inside.inputs, inside.state, lengths)
        forward = read_forward(network, reading)
        time = len(reading.inputs)
        asked = Losses(network, reading, forward, inside.loss(losses), (time,))
        diagonal = _separable_gradient(asked) if separable else _found_separable(asked)
        mapping = _Mapping(network, forward, asked, diagonal, reading.lengths)
        return mapping.record()


def _separable_gradient(asked: Losses) -> Tensor:
    """Return what each loss gives at its own step, of losses promised to read that step alone.

    The promise is checked by one probe: with the losses weighted at random, what arrives at step i must be loss i's weight
    times what arrived unweighted. Where a loss reads another step too, it is not.
    """
    weights = torch.randn(len(asked.values), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    weights = weights.to(asked.values)
    local, probed = asked.gradient(), asked.weighted(weights)
    if _reads_final(local) or _reads_final(probed):
        raise TraceError("losses that read the final state are not separable; leave out separable=True")
    expected = weights.view(-1, 1, 1) * local.output
    off, largest = (each.abs().flatten(1).amax(1) for each in (probed.output - expected, expected))
    if bool((off > PROBE_ERROR * largest).any()):
        wrong = int((off > PROBE_ERROR * largest).nonzero()[0])
        raise TraceError(
            "separable=True promises that losses[i] reads the output at time i alone, but another loss too reads the output "
            f"at time {wrong}; leave out separable=True"
        )
    return local.output


def _found_separable(asked: Losses) -> Tensor | None:
    """Return what each loss gives at its own step, where none reads another step or the final state; else None.

    Some of the losses at a time are weighted, so chosen that each loss is at some time weighted where any other is not: what
    it gives at another's step shows there, and of separable losses nothing does.
    """
    drawn = 0.5 + torch.rand(len(asked.values), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    drawn = drawn.to(asked.values)  # so that what several losses give does not cancel
    for weighted in _choices(len(drawn)).to(drawn.device):
        found = asked.weighted(torch.where(weighted, drawn, 0.0))
        if bool(found.output[~weighted].any()) or _reads_final(found):
            return None
    alone = asked.gradient()
    return None if _reads_final(alone) else alone.output


def _choices(time: int) -> Tensor:
    """Return choices (choice, step) of some of the steps, so few that each step is in one without any other one step.

    Each step is in half of the choices, no two in the same: then neither's are among the other's (Sperner).
    """
    choices = next(some for some in count() if comb(some, some // 2) >= time)
    chosen = torch.zeros(choices, time, dtype=torch.bool)
    for step, among in enumerate(islice(combinations(range(choices), choices // 2), time)):
        chosen[list(among), step] = True
    return chosen


def _reads_final(found: Local) -> bool:
    return any(one is not None and bool(one.any()) for one in (found.hidden, found.cell))


class _Mapping:
    """The T×T map of one network's reading, in chunks of losses."""

    def __init__(
        self, network: Network, forward: Forward, asked: Losses, diagonal: Tensor | None, lengths: Lengths | None
    ) -> None:
        self._network, self._forward, self._asked, self._lengths = network, forward, asked, lengths
        # read from their own ends, a chunk of losses is another one for every length: then they travel as any losses do
        self._diagonal = None if lengths is not None and network.directions == 2 else diagonal
        self._time, self._batch = forward.output.shape[:2]
        times, states = (self._time, self._batch, self._time), 2 if network.has_cell else 1  # state's, loss's; c and h
        self._norms = forward.output.new_zeros(network.layers, network.directions, *times, states)

    def record(self) -> GradientMap:
        for first in range(0, self._time, self._chunk()):
            self._trace(first, min(first + self._chunk(), self._time))
        if is_finite(self._norms):
            return self._record(self._laid_out(self._norms), None)
        logs = self._laid_out(self._log10_norms())
        with np.errstate(over="ignore", under="ignore"):
            return self._record(np.power(10.0, logs).astype(str(self._norms.dtype).removeprefix("torch.")), logs)

    def _record(self, found: np.ndarray, logs: np.ndarray | None) -> GradientMap:
        has_cell = self._network.has_cell
        return GradientMap(
            norms=found[-1],
            cell_norms=found[0] if has_cell else None,
            log10_norms=None if logs is None else logs[-1],
            log10_cell_norms=None if logs is None or not has_cell else logs[0],
            lengths=None if self._lengths is None else np.array(self._lengths.each),
            note=self._network.note,
        )

    def _laid_out(self, norms: Tensor) -> np.ndarray:
        """Return (layer, direction, state_time, batch, loss_time, c and h) as (c and h, layer, …, loss_time, state_time)."""
        known = norms if self._lengths is None else self._known(norms, self._lengths)
        found: np.ndarray = known.permute(5, 0, 1, 3, 4, 2).cpu().numpy()
        return found

    def _known(self, norms: Tensor, lengths: Lengths) -> Tensor:
        """Return the norms, NaN at states and losses after a sequence's end."""
        beyond = lengths.beyond.view(self._time, self._batch, 1) | lengths.beyond.t().view(1, self._batch, self._time)
        return norms.masked_fill(beyond.unsqueeze(-1).to(norms.device), torch.nan)

    def _log10_norms(self) -> Tensor:
        """Return the logs of all norms, of gradients that were carried back with exponents."""
        logs = torch.full(self._norms.shape, -torch.inf, dtype=torch.float64)
        most = max(1, CHUNK_BYTES // (self._time * self._batch * self._network.cell_units * 2 * 8))
        for first in range(0, self._time, most):
            losses = list(self._asked.gradients(first, min(first + most, self._time)))
            for layer, row in enumerate(carry_all_back(self._network, self._forward, losses)):
                for direction, one in enumerate(row):
                    into = logs[layer, direction, :, :, first : first + most]
                    into[..., -1] = one.hidden.log10_norms
                    if one.cell is not None:
                        into[..., 0] = one.cell.log10_norms
        return logs

    def _chunk(self) -> int:
        """Return how many losses travel together, so that their gradients stay within CHUNK_BYTES."""
        steps = self._time if self._diagonal is None or self._network.layers > 1 else 1
        values = self._batch * self._network.cell_units * max(3, steps * self._network.directions)
        return max(1, min(self._time, CHUNK_BYTES // (values * self._forward.output.element_size())))

    def _trace(self, first: int, last: int) -> None:
        above, finals = (None, None) if self._diagonal is not None else self._read_losses(first, last)
        causal = self._network.directions == 1 and (above is None or _is_causal(above, finals, first))
        for layer in reversed(range(self._network.layers)):
            inputs = self._forward.passes[layer][0].inputs
            below = inputs.new_zeros(*inputs.shape[:2], last - first, inputs.shape[2]) if layer else None
            for direction, one in enumerate(self._forward.passes[layer]):
                arrivals = self._arrivals(one, direction, above, (first, last), causal=causal)
                cell = self._finals(finals, layer * self._network.directions + direction, arrivals)
                self._carry(layer, direction, arrivals, cell, (first, last), below)
            above = below

    def _read_losses(self, first: int, last: int) -> tuple[Tensor, list[Finals]]:
        """Return the losses' gradients at the outputs (time, batch, loss, direction·unit), and at the final states."""
        output, finals = self._forward.output, list[Finals]()
        above = output.new_empty(*output.shape[:2], last - first, output.shape[2])
        for row, one in enumerate(self._asked.gradients(first, last)):
            above[:, :, row] = one.output
            finals.append((one.hidden, one.cell))
        return above, finals

    def _arrivals(self, one: Pass, direction: int, above: Tensor | None, chunk: tuple[int, int], *, causal: bool) -> Arrivals:
        units = slice(direction * self._network.units, (direction + 1) * self._network.units)
        first, last = chunk
        if above is not None:
            return Dense(one.in_time(above[..., units]), first if causal else None)
        assert self._diagonal is not None
        values = one.in_time(self._diagonal[..., units])
        return Diagonal(values, self._time - last, self._time - first) if one.backward else Diagonal(values, first, last)

    def _finals(self, finals: list[Finals] | None, index: int, arrivals: Arrivals) -> Tensor | None:
        """Add what the losses read of the final hidden states to ``arrivals``; return the same of the cell state."""
        if finals is None or not isinstance(arrivals, Dense):
            return None
        cell = None
        for row, (hidden, given) in enumerate(finals):
            if hidden is not None:
                end = -1 if self._lengths is None else self._lengths.last
                arrivals.values[:, :, row][end] += hidden[index]
            if given is not None:
                cell = arrivals.values.new_zeros(self._batch, len(finals), self._network.cell_units) if cell is None else cell
                cell[:, row] = given[index]
        return cell

    def _carry(
        self, layer: int, direction: int, arrivals: Arrivals, cell: Tensor | None, chunk: tuple[int, int], below: Tensor | None
    ) -> None:
        one, (first, last) = self._forward.passes[layer][direction], chunk
        mirrored = one.backward and isinstance(arrivals, Diagonal)  # losses then count from the end, like the steps
        ragged = one.backward and self._lengths is not None  # then what is found is turned round afterwards
        into_below = torch.zeros_like(below) if ragged and below is not None else below
        found, inputs = self._norms[layer, direction].unbind(0), None if below is None else InputGradients(one)
        for step in carry_back(one, arrivals, cell):
            time = self._time - 1 - step.step if one.backward and not ragged else step.step
            start, stop = (0, last - first - step.reached) if mirrored else (step.reached, last - first)
            self._measure(_turned(step.rows, mirrored), found[time].narrow(1, first + start, stop - start))
            if into_below is not None and inputs is not None:
                into_below[time, :, start:stop] += _turned(inputs.at(step), mirrored)
        if ragged:
            own = self._norms[layer, direction].narrow(2, first, last - first)
            own.copy_(one.in_time(own))
            if below is not None and into_below is not None:
                below += one.in_time(into_below)

    def _measure(self, rows: Tensor, into: Tensor) -> None:
        """Put the norms of the states in ``rows`` (batch, loss, state) into (batch, loss, c and h)."""
        if self._network.units == self._network.cell_units:
            norms(rows.view(*rows.shape[:2], -1, self._network.units), out=into)
            return
        wide = self._network.cell_units
        into[..., 0], into[..., 1] = norms(rows[..., :wide]), norms(rows[..., wide:])


def _is_causal(above: Tensor, finals: list[Finals] | None, first: int) -> bool:
    """Return whether no loss, of those from step ``first`` on, reads an output after its own step, or the final states."""
    if finals is not None and any(part is not None for pair in finals for part in pair):
        return False
    return not any(bool(above[first + row + 1 :, :, row].any()) for row in range(above.shape[2]))


def _turned(values: Tensor, mirrored: bool) -> Tensor:
    return values.flip(1) if mirrored else values
