"""Figures of how far each loss is felt: for every pair of loss and state, and one loss or one state of the pairs."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.heat import Names, heat_map, ratio_levels
from seqviz.figures.look import dotted, exponent_axis, figure, hue, lines, log_axis, marks
from seqviz.figures.place import chosen, steps_of
from seqviz.language.words import number_of_log10, percent
from seqviz.records import GradientMap

FELT = 0.01  # of its gradient at its own step: a loss is felt by the states where it keeps at least this much
LOG_FELT = np.log10(FELT) - 1e-9  # a hair less, for what rounding takes from logs
ABOVE = "with 1 % or more of its gradient at its own step"


def gradient_map_figure(
    trace: GradientMap, *, layer: int = -1, direction: int = 0, sample: int = 0, cell: bool = False
) -> go.Figure:
    """Draw, for every loss (row) and state (column), the gradient's size relative to that at the loss's own step.

    A loss's own step is the last one processed that it depends on: i, for a loss that reads the output at i.

    Args:
        trace: the map.
        layer: which layer; the last by default.
        direction: 0 forward, 1 backward.
        sample: which sequence of the batch.
        cell: whether to draw the cell state's gradient instead (LSTM).
    """
    norms, logs = _map_of(trace, layer, direction, sample, cell)
    ratios = own_step_ratios(norms, direction, logs)
    symbol = f"‖∂J⁽ⁱ⁾/∂{'c' if cell else 'h'}⁽ᵗ⁾‖"
    names = Names("state at time t", "loss at time i", symbol if logs is None else f"log₁₀ {symbol}", "÷ own step")
    exact = norms if logs is None else np.where(np.isnan(ratios), 0.0, logs)  # a cell without a path is blank, not infinite
    return heat_map(ratios, ratio_levels(ratios), map_finding(norms, direction, logs), names, exact=exact)


def truncated_map_figure(trace: GradientMap, window: int, *, layer: int = -1, sample: int = 0) -> go.Figure:
    """Draw what truncated backpropagation leaves of the map, where the gradient is cut before every ``window``-th step.

    Within a window each loss reaches the states that it reaches without the cut, and with the same gradient; before it, none.

    Args:
        trace: the map, of the forward direction.
        window: how many steps lie between two cuts.
        layer: which layer; the last by default.
        sample: which sequence of the batch.
    """
    norms, logs = _map_of(trace, layer, 0, sample, False)
    ratios = own_step_ratios(norms, 0, logs)
    kept = np.where(_is_cut(len(norms), window), np.nan, ratios)
    names = Names("state at time t", "loss at time i", "‖∂J⁽ⁱ⁾/∂h⁽ᵗ⁾‖", "÷ own step")
    exact = np.where(np.isnan(kept), 0.0, norms)
    drawn = heat_map(kept, ratio_levels(ratios), truncation_finding(ratios, window), names, exact=exact)
    for cut in range(window, len(norms), window):
        drawn.add_shape(type="line", x0=cut - 0.5, x1=cut - 0.5, y0=cut - 0.5, y1=len(norms) - 0.5, line=dotted("threshold"))
    return drawn


def truncation_finding(ratios: np.ndarray, window: int) -> str:
    """Return in words how much of what losses feel a cut before every ``window``-th step discards.

    Args:
        ratios: of each loss's gradient at each state to that at the loss's own step (loss_time, state_time).
        window: how many steps lie between two cuts.
    """
    with np.errstate(invalid="ignore"):
        felt = ratios >= FELT
    back = felt & ~np.eye(len(ratios), dtype=bool)
    if not back.any():
        return f"No loss is felt at an earlier step, {ABOVE}, so a cut every {_steps(window)} discards nothing that is felt."
    lost = float((back & _is_cut(len(ratios), window)).sum() / back.sum())
    return f"A cut every {_steps(window)} discards {percent(lost)} of all earlier states at which a loss is felt, {ABOVE}."


def _is_cut(count: int, window: int) -> np.ndarray:
    """Return where a cut lies between a state and a loss (loss_time, state_time)."""
    windows = np.arange(count) // window
    found: np.ndarray = windows[:, None] > windows[None, :]
    return found


def gradient_slice_figure(
    trace: GradientMap,
    *,
    loss_time: int | None = None,
    state_time: int | None = None,
    layer: int = -1,
    direction: int = 0,
    sample: int = 0,
) -> go.Figure:
    """Draw one row (``loss_time``: one loss, all states) or one column (``state_time``: one state, all losses) of the map."""
    norms, logs = _map_of(trace, layer, direction, sample, False)
    ratios, losses = own_step_ratios(norms, direction, logs), _losses(norms, direction, logs)
    at = loss_time if loss_time is not None else state_time or 0
    place: tuple[int | slice, int | slice]
    if loss_time is not None:
        place, axis, finding = (at, slice(None)), "state at time t", _loss_finding(losses[at], at)
    else:
        place, axis, finding = (slice(None), at), "loss at time i", _state_finding(losses, ratios[:, at], at, direction)
    values = norms[place] if logs is None else logs[place]
    reached = ~np.isnan(ratios[place]) | np.isnan(values)
    x, y, beyond = np.arange(len(norms))[reached], values[reached], logs is not None
    curve = lines("norm", x, y, colour=hue("curve"), showlegend=False, exponents=beyond)
    return figure(
        [curve, *marks([("norm", x, y)], exponents=beyond)], finding, x=axis, y="gradient norm (L2)", height=280,
        yaxis=(exponent_axis if beyond else log_axis)([y]),
    )  # fmt: skip


def own_step_ratios(norms: np.ndarray, direction: int = 0, logs: np.ndarray | None = None) -> np.ndarray:
    """Return each row of (loss_time, state_time) divided by its entry at the loss's own step; NaN where no path leads.

    Args:
        norms: the map.
        direction: 0 forward, 1 backward.
        logs: log10 of the norms, where no float holds them all; ratios are then cut off where none holds these either.
    """
    time, ratios = np.arange(len(norms)), np.full(norms.shape, np.nan)
    for at, loss in enumerate(_losses(norms, direction, logs)):
        own = at if loss.own is None else loss.own
        reached = time <= own if direction == 0 else time >= own
        with np.errstate(divide="ignore", invalid="ignore"):
            if logs is None:
                ratios[at, reached] = norms[at, reached] / norms[at, own]
            else:
                ratios[at, reached] = 10 ** np.clip(logs[at, reached] - logs[at, own], -300, 300)
    return ratios


@dataclass(frozen=True)
class _Loss:
    """One loss, and by how much its gradient has changed 0, 1, 2 … steps back from its own step."""

    own: int | None  # the last step processed that it depends on; None: it depends on no state
    back: np.ndarray  # log10 of the ratios to its size at that step

    @property
    def room(self) -> int:
        return len(self.back) - 1

    @property
    def reach(self) -> int | None:
        """How many steps back it is still FELT; None where it has no gradient of a finite size to compare with."""
        return int(np.flatnonzero(self.back >= LOG_FELT).max()) if len(self.back) and np.isfinite(self.back[0]) else None


def _losses(norms: np.ndarray, direction: int, logs: np.ndarray | None) -> list[_Loss]:
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = np.log10(norms, dtype=float) if logs is None else logs
        losses = []
        for row in sizes if direction == 0 else sizes[:, ::-1]:  # in the order of processing
            felt = np.flatnonzero(~np.isneginf(row))
            own = int(felt[-1]) if felt.size else None
            back = np.empty(0) if own is None else row[own::-1] - row[own]
            losses.append(_Loss(own if own is None or direction == 0 else len(row) - 1 - own, back))
    return losses


def map_finding(norms: np.ndarray, direction: int = 0, logs: np.ndarray | None = None) -> str:
    """Return in words how far back losses are felt, over those whose gradient fades before the first step.

    Args:
        norms: the map of one sequence (loss_time, state_time).
        direction: 0 forward, 1 backward.
        logs: log10 of the norms, where no float holds them all.
    """
    if not norms.size:
        return "There is no time step to draw."
    if len(norms) == 1:
        return "With a single time step there is nothing to carry back."
    everyone = _losses(norms, direction, logs)
    losses = [loss for loss in everyone if loss.reach is not None]
    if not losses:
        return "No loss reaches any state with a finite gradient."
    if not any(loss.room for loss in losses):
        return "Every loss reads only the first step processed: no step lies before it for a gradient to reach."
    silent = sum(loss.own is None for loss in everyone)
    aside = f" {silent} of the {len(everyone)} losses depend on no state." if silent else ""
    return _reaches_finding(losses) + aside


def _reaches_finding(losses: list[_Loss]) -> str:
    faded = [loss.reach for loss in losses if loss.reach is not None and loss.reach < loss.room]
    if faded and 2 * len(faded) >= sum(loss.room > np.median(faded) for loss in losses):
        return _faded_finding(faded)
    room = max(loss.room for loss in losses)
    largest = float(np.nanmax([_median_back(losses, lag) for lag in range(room + 1)]))
    if largest > 2:
        return f"Going back, the gradient grows: up to {number_of_log10(largest)} times its size at the loss's own step."
    return f"A loss is still felt all the way back, over {_steps(room)}, {ABOVE}."


def _median_back(losses: list[_Loss], lag: int) -> float:
    """Return log10 of the median ratio so many steps back."""
    found = np.array([loss.back[lag] for loss in losses if lag < len(loss.back)])
    known = found[~np.isnan(found) & ~np.isposinf(found)]
    if not known.size:
        return np.nan
    with np.errstate(divide="ignore"):
        return float(np.median(known)) if known.max() > 300 else float(np.log10(np.median(10**known)))


def _faded_finding(reaches: list[int]) -> str:
    low, typical, high = min(reaches), round(float(np.median(reaches))), max(reaches)
    if high == 0:
        return "A loss is felt at its own step alone: no step back keeps 1 % of its gradient there."
    spread = f" ({low} to {high}, loss by loss)" if low < high else ""
    return f"A loss is typically felt up to {_steps(typical)} back{spread}, {ABOVE}."


def _loss_finding(loss: _Loss, at: int) -> str:
    if loss.own is None:
        return f"The loss at i = {at} depends on no state: its gradient is exactly 0 at each of them."
    apart = "" if loss.own == at else f", t = {loss.own}"
    if loss.reach is None:
        return f"The loss at i = {at} has no gradient of a finite size at its own step{apart}."
    if loss.reach == 0:
        return f"The loss at i = {at} is felt at its own step{apart} alone."
    return f"The loss at i = {at} is felt up to {_steps(loss.reach)} back, {ABOVE}{apart}."


def _state_finding(losses: list[_Loss], ratios: np.ndarray, at: int, direction: int) -> str:
    """Return in words by the losses of how many later steps the state is felt."""
    known = [(loss.own, ratio) for loss, ratio in zip(losses, ratios, strict=True) if loss.reach is not None]
    felt = [abs(own - at) for own, ratio in known if own is not None and ratio >= FELT]
    if not felt:
        return f"The state at t = {at} is felt by no loss that has a gradient of a finite size at its own step."
    if max(felt) == 0:
        return f"The state at t = {at} is felt by the loss at its own step alone."
    losses_of = f"losses up to {_steps(max(felt))} {'earlier' if direction else 'later'}"
    return f"The state at t = {at} is felt by {losses_of}, with 1 % or more of their gradients at their own steps."


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _map_of(trace: GradientMap, layer: int, direction: int, sample: int, cell: bool) -> tuple[np.ndarray, np.ndarray | None]:
    """Return one sequence's map, and its logs where no float holds all of it."""
    norms, logs = (trace.cell_norms, trace.log10_cell_norms) if cell else (trace.norms, trace.log10_norms)
    norms, logs = (trace.norms, trace.log10_norms) if norms is None else (norms, logs)
    own = steps_of(trace.lengths, sample)
    each = [
        None if one is None else chosen(one, layer=layer, direction=direction, sample=sample)[own, own] for one in (norms, logs)
    ]
    assert each[0] is not None
    return each[0], each[1]
