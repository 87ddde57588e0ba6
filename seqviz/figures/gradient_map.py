"""Figures of how far each loss is felt: for every pair of loss and state, and one loss or one state of the pairs."""

from dataclasses import dataclass

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

    A loss's own step is the last one processed that it depends on: i, for a loss that reads the output at i.

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
    return heat_map(ratios, ratio_levels(ratios), map_finding(norms, direction), names, exact=norms)


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
    time, ratios, losses = np.arange(len(norms)), own_step_ratios(norms, direction), _losses(norms, direction)
    at = loss_time if loss_time is not None else state_time or 0
    if loss_time is not None:
        shown, y, axis, finding = ratios[at], norms[at], "state at time t", _loss_finding(losses[at], at)
    else:
        shown, y, axis, finding = (
            ratios[:, at],
            norms[:, at],
            "loss at time i",
            _state_finding(losses, ratios[:, at], at, direction),
        )
    reached = ~np.isnan(shown) | np.isnan(y)
    x, y = time[reached], y[reached]
    curve = lines("norm", x, y, colour=hue("curve"), showlegend=False)
    return figure([curve, *marks([("norm", x, y)])], finding, x=axis, y="gradient norm (L2)", height=280, yaxis=log_axis([y]))


def own_step_ratios(norms: np.ndarray, direction: int = 0) -> np.ndarray:
    """Return each row of (loss_time, state_time) divided by its entry at the loss's own step; NaN where no path leads."""
    time, ratios = np.arange(len(norms)), np.full(norms.shape, np.nan)
    for at, loss in enumerate(_losses(norms, direction)):
        own = at if loss.own is None else loss.own
        reached = time <= own if direction == 0 else time >= own
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios[at, reached] = norms[at, reached] / norms[at, own]
    return ratios


@dataclass(frozen=True)
class _Loss:
    """One loss, and by how much its gradient has changed 0, 1, 2 … steps back from its own step."""

    own: int | None  # the last step processed that it depends on; None: it depends on no state
    back: np.ndarray  # ratios to its size at that step

    @property
    def room(self) -> int:
        return len(self.back) - 1

    @property
    def reach(self) -> int | None:
        """How many steps back it is still FELT; None where it has no gradient of a finite size to compare with."""
        return int(np.flatnonzero(self.back >= FELT).max()) if len(self.back) and np.isfinite(self.back[0]) else None


def _losses(norms: np.ndarray, direction: int) -> list[_Loss]:
    losses = []
    for row in norms if direction == 0 else norms[:, ::-1]:  # in the order of processing
        felt = np.flatnonzero(row)
        own = int(felt[-1]) if felt.size else None
        with np.errstate(divide="ignore", invalid="ignore"):
            back = np.empty(0) if own is None else row[own::-1] / row[own]
        losses.append(_Loss(own if own is None or direction == 0 else len(row) - 1 - own, back))
    return losses


def map_finding(norms: np.ndarray, direction: int = 0) -> str:
    """Return in words how far back losses are felt, over those whose gradient fades before the first step."""
    if not norms.size:
        return "There is no time step to draw."
    if len(norms) == 1:
        return "With a single time step there is nothing to carry back."
    everyone = _losses(norms, direction)
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
    if largest > 100:
        return f"Going back, the gradient grows: up to {number(largest)} times its size at the loss's own step."
    return f"A loss is still felt all the way back, over {_steps(room)}, {ABOVE}."


def _median_back(losses: list[_Loss], lag: int) -> float:
    found = np.array([loss.back[lag] for loss in losses if lag < len(loss.back)])
    finite = found[np.isfinite(found)]
    return float(np.median(finite)) if finite.size else np.nan


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


def _map_of(trace: GradientMap, layer: int, direction: int, sample: int, cell: bool) -> np.ndarray:
    norms = trace.cell_norms if cell and trace.cell_norms is not None else trace.norms
    own = steps_of(trace.lengths, sample)
    return chosen(norms, layer=layer, direction=direction, sample=sample)[own, own]
