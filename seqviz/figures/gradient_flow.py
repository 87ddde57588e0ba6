"""Figures of how much of a loss's gradient reaches each time step."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import DASHES, colour_of, figure, hue, lines, log_axis, marks, name_of
from seqviz.figures.place import chosen, steps_of
from seqviz.language.words import became, change, changes, number, ratio
from seqviz.records import GradientFlow

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
    if any(flow.lengths is not None for flow in flows.values()):
        return _ragged_finding(flows, layer, direction)
    parts = []
    first, last = 0, -1
    for label, flow in flows.items():
        norms = mean_norms(flow.hidden_norms, layer, direction)
        if not norms.size:
            continue
        first, last = (0, len(norms) - 1) if direction == 0 else (len(norms) - 1, 0)
        in_which = f" in the {name_of(label)}" if label else ""
        parts.append((in_which, became(norms, last, first)))
    if not parts:
        return "There is no time step to draw."
    if first == last:
        return "With a single time step there is nothing to carry back."
    return f"On its way from t = {last} back to t = {first}, the gradient {changes(parts)}."


def _ragged_finding(flows: Mapping[str, GradientFlow], layer: int, direction: int) -> str:
    """Return in words how the gradient changes in each sequence, by its own length: the median, and the range."""
    parts, last = [], -1 if direction == 0 else 0
    for label, flow in flows.items():
        norms = chosen(flow.hidden_norms, layer=layer, direction=direction)
        own = [one[steps_of(flow.lengths, at)] for at, one in enumerate(norms)]
        ratios = np.array([ratio(one[-1 - last], one[last]) for one in own if len(one) > 1])
        if not ratios.size:
            return "With a single time step there is nothing to carry back."
        low, high = number(float(ratios.min())), number(float(ratios.max()))
        among = f" ({low} to {high} in its {len(ratios)} sequences)" if low != high else ""
        parts.append((f"{among} in the {name_of(label)}" if label else among, change(float(np.median(ratios)))))
    way = ("last step back to its first", "first step on to its last")[direction]
    return f"On its way from each sequence's {way}, the gradient typically {changes(parts)}."


def mean_norms(norms: np.ndarray, layer: int, direction: int, lengths: np.ndarray | None = None) -> np.ndarray:
    """Return the mean over sequences of norms by (layer, direction, batch, time), in one layer and direction.

    Where sequences have ``lengths``, it is the median over those that have not ended; NaN within a sequence stays.
    """
    found = chosen(norms, layer=layer, direction=direction)
    if lengths is None:
        return found.mean(axis=0) if len(found) else np.empty(0)
    return np.array([np.median(found[lengths > time, time]) for time in range(int(lengths.max(initial=0)))])


def _curves(
    label: str, index: int, flow: GradientFlow, layer: int, direction: int, direct: bool
) -> list[tuple[str, Any, Any, str, str]]:
    title = name_of(label)
    colour = colour_of(label, index) if label else hue("curve")
    curves = []
    for kind, symbol, field in _KINDS:
        norms = getattr(flow, field)
        if norms is not None and (direct or kind != "direct"):
            mean = mean_norms(norms, layer, direction, flow.lengths)
            curves.append((f"{title} {symbol}".strip(), np.arange(len(mean)), mean, colour, kind))
    return curves
