"""Figures of how far each loss is felt: for every pair of loss and state, and one loss or one state of the pairs."""

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.heat import Names, heat_map, ratio_levels
from seqviz.figures.look import figure, hue, lines, log_axis, marks
from seqviz.figures.place import chosen, steps_of
from seqviz.language.words import number
from seqviz.records import GradientMap

FELT = 0.01  # of its gradient at its own step: a loss is felt by the states where it keeps at least so much
ABOVE = "with 1 % or more of its gradient at its own step"


def gradient_map_figure(
    trace: GradientMap, *, layer: int = -1, direction: int = 0, sample: int = 0, cell: bool = False
) -> go.Figure:
    """Draw, for every loss (row) and state (column), the gradient's size relative to that at the loss's own step.

    Args:
        trace: the map.
        layer: which layer; the last by default.
        direction: 0 forward, 1 backward.
        sample: which sequence of the batch.
        cell: whether to draw the cell state's gradient instead (LSTM).
    """
    norms = _map_of(trace, layer, direction, sample, cell)
    ratios = own_step_ratios(norms, direction)
    symbol = f"‖∂J⁽ⁱ⁾/∂{'c' if cell else 'h'}⁽ᵗ⁾‖"
    names = Names("state at time t", "loss at time i", symbol, "÷ own step")
    return heat_map(ratios, ratio_levels(ratios), map_finding(ratios), names, exact=norms)


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
    norms = _map_of(trace, layer, direction, sample, False)
    time, ratios = np.arange(len(norms)), own_step_ratios(norms, direction)
    at = loss_time if loss_time is not None else state_time or 0
    if loss_time is not None:
        reached, y, axis = (time <= at if direction == 0 else time >= at), norms[at], "state at time t"
        finding = _loss_finding(ratios, at)
    else:
        reached, y, axis = (time >= at if direction == 0 else time <= at), norms[:, at], "loss at time i"
        finding = _state_finding(ratios, at, direction)
    x, y = time[reached], y[reached]
    curve = lines("norm", x, y, colour=hue("curve"), showlegend=False)
    return figure([curve, *marks([("norm", x, y)])], finding, x=axis, y="gradient norm (L2)", height=280, yaxis=log_axis([y]))


def own_step_ratios(norms: np.ndarray, direction: int = 0) -> np.ndarray:
    """Return each row of (loss_time, state_time) divided by its entry at the loss's own step; NaN where no path leads."""
    time = np.arange(len(norms))
    reached = time[None, :] <= time[:, None] if direction == 0 else time[None, :] >= time[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = norms / np.diagonal(norms)[:, None]
    return np.where(reached, ratios, np.nan)


def map_finding(ratios: np.ndarray) -> str:
    """Return in words how far back losses are felt, over those whose gradient fades before the first step."""
    if not ratios.size:
        return "There is no time step to draw."
    reaches = [_reach(row, at) for at, row in enumerate(ratios)]
    if all(reach is None for reach in reaches):
        return "No loss reaches any state with a finite gradient."
    if len(ratios) == 1:
        return "With a single time step there is nothing to carry back."
    rooms = [int(np.abs(np.flatnonzero(~np.isnan(row)) - at).max(initial=0)) for at, row in enumerate(ratios)]
    faded = [reach for reach, room in zip(reaches, rooms, strict=True) if reach is not None and reach < room]
    if faded and 2 * len(faded) >= sum(room > np.median(faded) for room in rooms):
        return _faded_finding(faded)
    largest = float(np.nanmax([_median_at(ratios, lag) for lag in range(len(ratios))]))
    if largest > 100:
        return f"Going back, the gradient grows: up to {number(largest)} times its size at the loss's own step."
    return f"A loss is still felt all the way back, over {_steps(len(ratios) - 1)}, {ABOVE}."


def _median_at(ratios: np.ndarray, lag: int) -> float:
    both = np.concatenate([np.diagonal(ratios, -lag), np.diagonal(ratios, lag)])
    finite = both[np.isfinite(both)]
    return float(np.median(finite)) if finite.size else np.nan


def _faded_finding(reaches: list[int]) -> str:
    low, typical, high = min(reaches), round(float(np.median(reaches))), max(reaches)
    if high == 0:
        return "A loss is felt at its own step alone: no step back keeps 1 % of its gradient there."
    spread = f" ({low} to {high}, loss by loss)" if low < high else ""
    return f"A loss is typically felt up to {_steps(typical)} back{spread}, {ABOVE}."


def _loss_finding(ratios: np.ndarray, at: int) -> str:
    reach = _reach(ratios[at], at)
    if reach is None:
        return f"The loss at i = {at} has no gradient of a finite size at its own step."
    if reach == 0:
        return f"The loss at i = {at} is felt at its own step alone."
    return f"The loss at i = {at} is felt up to {_steps(reach)} back, {ABOVE}."


def _state_finding(ratios: np.ndarray, at: int, direction: int) -> str:
    reach = _reach(ratios[:, at], at)
    if reach is None:
        return f"The state at t = {at} has no gradient of a finite size from the loss at its own step."
    if reach == 0:
        return f"The state at t = {at} is felt by the loss at its own step alone."
    losses = f"losses up to {_steps(reach)} {'earlier' if direction else 'later'}"
    return f"The state at t = {at} is felt by {losses}, with 1 % or more of their gradients at their own steps."


def _reach(ratios: np.ndarray, own: int) -> int | None:
    """Return how many steps from ``own`` a ratio to the loss's own step is still FELT; None where that step has no size."""
    if not np.isfinite(ratios[own]):
        return None
    return int(np.abs(np.flatnonzero(ratios >= FELT) - own).max())


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _map_of(trace: GradientMap, layer: int, direction: int, sample: int, cell: bool) -> np.ndarray:
    norms = trace.cell_norms if cell and trace.cell_norms is not None else trace.norms
    own = steps_of(trace.lengths, sample)
    return chosen(norms, layer=layer, direction=direction, sample=sample)[own, own]
