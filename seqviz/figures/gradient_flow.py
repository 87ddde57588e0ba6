"""Figures of how much of a loss's gradient reaches each time step."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import DASHES, colour_of, edges, exponent_axis, figure, hue, lines, log_axis, marks, name_of
from seqviz.figures.place import chosen, steps_of
from seqviz.language.words import became, change, change_of_log10, changes, number_of_log10, power_of_ten, raised, ratio
from seqviz.records import GradientFlow

_KINDS = (("hidden", "∂L/∂h", "hidden_norms"), ("cell", "∂L/∂c", "cell_norms"), ("direct", "from above only", "direct_norms"))


def gradient_flow_figure(
    flows: GradientFlow | Mapping[str, GradientFlow], *, layer: int = -1, direction: int = 0, direct: bool = True
) -> go.Figure:
    """Draw gradient norms by time step on a log axis, several networks together: of several sequences, median and range.

    Args:
        flows: one trace, or several by label ("rnn", "lstm", "gru" have their own colours).
        layer: which layer; the last by default.
        direction: 0 forward, 1 backward.
        direct: whether to draw, dotted, what reaches a step from above alone. It leaves out what comes back through the
            recurrence, so with the loss on the last step it is 0 at every other step, in any network.
    """
    named = flows if isinstance(flows, Mapping) else {"": flows}
    logs = any(flow.log10_hidden_norms is not None for flow in named.values())  # then all are drawn by their logs
    place = (layer, direction)
    curves = [one for at, (label, flow) in enumerate(named.items()) for one in _curves(label, at, flow, place, direct, logs)]
    bands = [one for at, (label, flow) in enumerate(named.items()) for one in _range(label, at, flow, place, logs)]
    traces = [lines(label, x, y, colour=colour, dash=DASHES[kind], exponents=logs) for label, x, y, colour, kind in curves]
    plain = [(label, x, y) for label, x, y, _, _ in curves]
    return figure(
        [*bands, *traces, *marks(plain, exponents=logs)], flow_finding(named, layer=layer, direction=direction),
        x="time step t", y="gradient norm at t (L2)", empty=not any(len(x) for _, x, _ in plain),
        yaxis=(exponent_axis if logs else log_axis)([*(y for _, _, y in plain), *(edge.y for edge in bands)]),
    )  # fmt: skip


def flow_finding(flows: Mapping[str, GradientFlow], *, layer: int = -1, direction: int = 0) -> str:
    """Return in words how the gradient changes from the last step that the loss is felt at back to the first one processed.

    Each sequence is compared with itself. Of several, it gives the median one's change; of a single network, their range too.
    """
    found = {label: _journeys(flow, layer, direction) for label, flow in flows.items()}
    everyone = [one for each in found.values() for one in each]
    if not any(len(one.sizes) for one in everyone):
        return "There is no time step to draw."
    if all(len(one.sizes) == 1 for one in everyone):
        return "With a single time step there is nothing to carry back."
    if not any(one.start >= 0 for one in everyone):
        return "The loss does not depend on these states: its gradient is exactly 0 at each of them."
    if all(one.start <= 0 for one in everyone):
        first = 0 if direction == 0 else len(everyone[0].sizes) - 1
        return f"The loss reads only the first step processed, t = {first}: no step lies before it for the gradient to reach."
    travelling = {label: [one for one in each if one.start > 0] for label, each in found.items()}
    parts = [
        (_place(label, travelling[label] if len(flows) == 1 else []), _change(travelling[label], each))
        for label, each in found.items()
    ]
    each_way = [one for each in travelling.values() for one in each]
    typically = "typically " if any(_differ(each) for each in travelling.values()) else ""
    said = f"on its way {_route(each_way, direction)}, the gradient {typically}{changes(parts)}."
    return f"{_added(each_way)}{said}" if _added(each_way) else raised(said)


@dataclass(frozen=True)
class _Journey:
    """One sequence's gradient norms in one layer and direction, in the order of processing."""

    sizes: np.ndarray
    start: int  # the last step with any gradient, -1 if none has
    losses: int  # at how many steps the loss adds to it
    logs: np.ndarray | None = None  # log10 of the sizes, where no float holds them all

    @property
    def ratio(self) -> float:
        """By how much it has changed at the first step; infinite where no float holds that."""
        return ratio(float(self.sizes[0]), float(self.sizes[self.start])) if self.logs is None else power_of_ten(self.log_ratio)

    @property
    def log_ratio(self) -> float:
        """log10 of the ratio."""
        if self.logs is None:
            return math.log10(self.ratio) if self.ratio > 0 else -math.inf if self.ratio == 0 else math.nan
        return float(self.logs[0]) - float(self.logs[self.start])

    def change(self) -> str:
        return became(self.sizes, self.start, 0) if self.logs is None else change_of_log10(self.log_ratio)


def _journeys(flow: GradientFlow, layer: int, direction: int) -> list[_Journey]:
    norms, direct = (chosen(each, layer=layer, direction=direction) for each in (flow.hidden_norms, flow.direct_norms))
    top = direct if layer in (-1, len(flow.hidden_norms) - 1) else flow.direct_norms[-1].sum(axis=0)
    by_log = None if (given := flow.log10_hidden_norms) is None else chosen(given, layer=layer, direction=direction)
    journeys = []
    for sample in range(len(norms)):
        own = steps_of(flow.lengths, sample)
        sizes, logs = (_processed(each, sample, own, direction) for each in (norms, by_log))
        assert sizes is not None
        felt = np.flatnonzero(sizes if logs is None else ~np.isneginf(logs))
        journeys.append(
            _Journey(sizes, int(felt[-1]) if felt.size else -1, int(np.count_nonzero(np.nan_to_num(top[sample][own]))), logs)
        )
    return journeys


def _processed(values: np.ndarray | None, sample: int, own: slice, direction: int) -> np.ndarray | None:
    """Return one sequence's values in the order of processing."""
    return None if values is None else values[sample][own] if direction == 0 else values[sample][own][::-1]


def _change(travelling: list[_Journey], everyone: list[_Journey]) -> str:
    """Return what becomes of the gradient in the median sequence of those in which it travels."""
    if not travelling:
        return "has no step to travel to" if any(one.start == 0 for one in everyone) else "is exactly 0 at every step"
    ordered = sorted(travelling, key=lambda one: (np.isnan(one.ratio), one.ratio, one.log_ratio))
    below, above = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    between = (below.ratio + above.ratio) / 2
    return below.change() if below.ratio == above.ratio or not 0 < between < np.inf else change(between)


def _differ(journeys: list[_Journey]) -> bool:
    return len({number_of_log10(one.log_ratio) for one in journeys}) > 1


def _place(label: str, journeys: list[_Journey]) -> str:
    """Return the network's name as it ends a phrase, after the range of the sequences where it is asked for."""
    ratios = np.array([one.log_ratio for one in journeys])
    known = ratios[~np.isnan(ratios)]
    low, high = (number_of_log10(float(each)) for each in (known.min(), known.max())) if known.size else ("", "")
    said = [f"({low} to {high} in its {len(known)} sequences)"] if low != high else []
    if 0 < len(known) < len(ratios):
        said.append(f"(in {len(ratios) - len(known)} of {len(ratios)} it is not a number)")
    return "".join(f" {one}" for one in [*said, *([f"in the {name_of(label)}"] if label else [])])


def _route(journeys: list[_Journey], direction: int) -> str:
    """Return from which step to which the gradient travels; the way of each where sequences differ."""
    ends = {(len(one.sizes), one.start) for one in journeys}
    if len(ends) == 1:
        ((count, start),) = ends
        return f"from t = {start} back to t = 0" if direction == 0 else f"from t = {count - 1 - start} on to t = {count - 1}"
    if all(start == count - 1 for count, start in ends):
        return "from each sequence's " + ("last step back to its first", "first step on to its last")[direction]
    return (
        "from the "
        + ("last", "first")[direction]
        + " step that each sequence's loss reads "
        + ("back to its first" if direction == 0 else "on to its last")
    )


def _added(journeys: list[_Journey]) -> str:
    """Return where the loss joins in, if it does so at more than one step: the gradient is then a sum of many."""
    losses = [one.losses for one in journeys]
    if max(losses) <= 1:
        return ""
    if all(one.losses == len(one.sizes) for one in journeys):
        where = "every step"
    else:
        where = f"{min(losses)} steps" if min(losses) == max(losses) else "several steps"
    return f"The loss reads {where}, and their gradients add up: "


def median_norms(norms: np.ndarray, layer: int, direction: int, lengths: np.ndarray | None = None) -> np.ndarray:
    """Return the median over sequences of norms by (layer, direction, batch, time), in one layer and direction.

    Where sequences have ``lengths``, it is over those that have not ended; NaN within a sequence stays.
    """
    return np.array([np.median(each) for each in _by_step(norms, layer, direction, lengths)])


def _by_step(norms: np.ndarray, layer: int, direction: int, lengths: np.ndarray | None) -> list[np.ndarray]:
    """Return for each step the norms of the sequences that have not ended."""
    found = chosen(norms, layer=layer, direction=direction)
    if not len(found):
        return []
    ends = np.full(len(found), found.shape[1]) if lengths is None else lengths
    return [found[ends > time, time] for time in range(int(ends.max()))]


def _sizes(flow: GradientFlow, field: str, logs: bool) -> np.ndarray | None:
    """Return a field of norms, or their logs, which a record holds where no float can hold the norms."""
    norms, known = getattr(flow, field), getattr(flow, f"log10_{field}")
    if not logs or norms is None or known is not None:
        return cast(np.ndarray | None, known if logs else norms)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(norms, dtype=float))


def _curves(
    label: str, index: int, flow: GradientFlow, place: tuple[int, int], direct: bool, logs: bool
) -> list[tuple[str, Any, Any, str, str]]:
    title = name_of(label)
    colour = _colour(label, index)
    curves = []
    for kind, symbol, field in _KINDS:
        norms = _sizes(flow, field, logs)
        if norms is not None and (direct or kind != "direct"):
            typical = median_norms(norms, *place, flow.lengths)
            curves.append((f"{title} {symbol}".strip(), np.arange(len(typical)), typical, colour, kind))
    return curves


def _range(label: str, index: int, flow: GradientFlow, place: tuple[int, int], logs: bool) -> list[go.Scatter]:
    """Return the smallest and the largest ∂L/∂h of the sequences as a band, over the steps at which a log axis holds both."""
    norms = _sizes(flow, "hidden_norms", logs)
    steps = [] if norms is None else _by_step(norms, *place, flow.lengths)
    if max((len(each) for each in steps), default=0) < 2:
        return []
    low, high = np.array([each.min() for each in steps]), np.array([each.max() for each in steps])
    held = np.isfinite(low) & np.isfinite(high) & (logs | (low > 0))
    if not held.any():
        return []
    names = (f"{name_of(label)} smallest ∂L/∂h".strip(), f"{name_of(label)} largest ∂L/∂h".strip())
    return edges(np.flatnonzero(held), (low[held], high[held]), _colour(label, index), names)


def _colour(label: str, index: int) -> str:
    return colour_of(label, index) if label else hue("curve")
