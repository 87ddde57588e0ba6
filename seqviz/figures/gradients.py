"""Figures of how far a loss can be felt: by time step, and for every pair of loss and state."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.heat import Names, heat_map, ratio_levels
from seqviz.figures.look import DASHES, ROLES, colour_of, figure, lines, log_axis, marks
from seqviz.figures.words import became, changes, number
from seqviz.records import GradientFlow, GradientMap

TITLES: Mapping[str, str] = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
_KINDS = (("hidden", "∂L/∂h", "hidden_norms"), ("cell", "∂L/∂c", "cell_norms"), ("direct", "from above only", "direct_norms"))


def gradient_flow_figure(
    flows: GradientFlow | Mapping[str, GradientFlow], *, layer: int = -1, direction: int = 0, direct: bool = True
) -> go.Figure:
    """Draw gradient norms by time step on a log axis, several networks together.

    Args:
        flows: one trace, or several by label ("rnn", "lstm", "gru" have their own colours).
        layer: which layer; the last by default.
        direction: 0 forward, 1 backward.
        direct: whether to draw, dotted, what reaches a step from above alone. It leaves out what comes back through the
            recurrence, so with the loss on the last step it is 0 at every other step, in any network.
    """
    named = flows if isinstance(flows, Mapping) else {"": flows}
    curves = [
        one
        for index, (label, flow) in enumerate(named.items())
        for one in _curves(label, index, flow, layer, direction, direct)
    ]
    finding = flow_finding(named, layer=layer, direction=direction)
    traces = [lines(label, x, y, colour=colour, dash=DASHES[kind]) for label, x, y, colour, kind in curves]
    plain = [(label, x, y) for label, x, y, _, _ in curves]
    empty = not any(len(x) for _, x, _ in plain)
    return figure(
        [*traces, *marks(plain)], finding, x="time step t", y="gradient norm at t (L2)", empty=empty,
        yaxis=log_axis([y for _, _, y in plain]),
    )  # fmt: skip


def flow_finding(flows: Mapping[str, GradientFlow], *, layer: int = -1, direction: int = 0) -> str:
    """Return in words what becomes of the gradient on its way from the last step processed to the first."""
    parts = []
    first, last = 0, -1
    for label, flow in flows.items():
        norms = mean_norms(flow.hidden_norms, layer, direction)
        if not norms.size:
            continue
        first, last = (0, len(norms) - 1) if direction == 0 else (len(norms) - 1, 0)
        in_which = f" in the {TITLES.get(label, label)}" if label else ""
        parts.append((in_which, became(norms, last, first)))
    if not parts:
        return "There is no time step to draw."
    if first == last:
        return "With a single time step there is nothing to carry back."
    return f"On its way from t = {last} back to t = {first}, the gradient {changes(parts)}."


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
    time = np.arange(len(norms))
    if loss_time is not None:
        reached = time <= loss_time if direction == 0 else time >= loss_time
        x, y, axis = time[reached], norms[loss_time][reached], "state at time t"
        reach = _reach(y, x, loss_time)
        finding = f"The loss at i = {loss_time} is felt, above 1 % of its size there, up to {reach} steps away."
        if reach is None:
            finding = f"The loss at i = {loss_time} has no gradient of a finite size at its own step."
    else:
        at = state_time or 0
        reached = time >= at if direction == 0 else time <= at
        x, y, axis = time[reached], norms[:, at][reached], "loss at time i"
        reach = _reach(y, x, at)
        finding = f"The state at t = {at} is felt, above 1 % of its size there, by losses up to {reach} steps away."
        if reach is None:
            finding = f"The state at t = {at} has no gradient of a finite size from the loss at its own step."
    curve = lines("norm", x, y, colour=ROLES["lstm"], showlegend=False)
    return figure([curve, *marks([("norm", x, y)])], finding, x=axis, y="gradient norm (L2)", height=280, yaxis=log_axis([y]))


def mean_norms(norms: np.ndarray, layer: int, direction: int) -> np.ndarray:
    """Return the mean over sequences of norms by (layer, direction, batch, time), in one layer and direction."""
    chosen = norms[layer, direction]
    return chosen.mean(axis=0) if len(chosen) else np.empty(0)


def own_step_ratios(norms: np.ndarray, direction: int = 0) -> np.ndarray:
    """Return each row of (loss_time, state_time) divided by its entry at the loss's own step; NaN where no path leads."""
    time = np.arange(len(norms))
    reached = time[None, :] <= time[:, None] if direction == 0 else time[None, :] >= time[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = norms / np.diagonal(norms)[:, None]
    return np.where(reached, ratios, np.nan)


def map_finding(ratios: np.ndarray) -> str:
    """Return in words how far back losses are felt: where the median ratio falls under 1 %."""
    if not ratios.size:
        return "There is no time step to draw."
    medians = np.array([_median_at(ratios, lag) for lag in range(len(ratios))])
    if np.isnan(medians).all():
        return "No loss reaches any state with a finite gradient."
    if len(medians) == 1:
        return "With a single time step there is nothing to carry back."
    felt = np.flatnonzero(medians >= 0.01)
    if not felt.size or felt[-1] < len(medians) - 1:
        return f"A loss is typically felt (above 1 %) up to {felt[-1] if felt.size else 0} steps back, and no further."
    if np.nanmax(medians) > 100:
        return (
            f"Going back, the gradient grows: up to {number(float(np.nanmax(medians)))} times its size at the loss's own step."
        )
    return f"All {len(ratios) - 1} steps back, a loss is still felt (above 1 %)."


def _median_at(ratios: np.ndarray, lag: int) -> float:
    both = np.concatenate([np.diagonal(ratios, -lag), np.diagonal(ratios, lag)])
    finite = both[np.isfinite(both)]
    return float(np.median(finite)) if finite.size else np.nan


def _map_of(trace: GradientMap, layer: int, direction: int, sample: int, cell: bool) -> np.ndarray:
    norms = trace.cell_norms if cell and trace.cell_norms is not None else trace.norms
    return np.asarray(norms[layer, direction, sample])


def _curves(
    label: str, index: int, flow: GradientFlow, layer: int, direction: int, direct: bool
) -> list[tuple[str, Any, Any, str, str]]:
    title = TITLES.get(label, label)
    colour = colour_of(label or "lstm", index)
    curves = []
    for kind, symbol, field in _KINDS:
        norms = getattr(flow, field)
        if norms is not None and (direct or kind != "direct"):
            mean = mean_norms(norms, layer, direction)
            curves.append((f"{title} {symbol}".strip(), np.arange(len(mean)), mean, colour, kind))
    return curves


def _reach(y: np.ndarray, x: np.ndarray, own: int) -> int | None:
    """Return how many steps away the gradient is still above 1 % of its size at the own step; None where that is no size."""
    distances = np.abs(x - own)
    own_norm = y[distances == 0]
    if not own_norm.size or not np.isfinite(own_norm[0]) or own_norm[0] <= 0:
        return None
    return int(distances[y > 0.01 * own_norm[0]].max())
