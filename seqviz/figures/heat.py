"""Heat maps: quantised to bytes, with exact values where there are few, and marks for what no colour can say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import EXACT_CELLS, RATIO_DECADES, RATIO_SCALE, colour_scale, figure, hue
from seqviz.language.words import superscript


@dataclass(frozen=True, kw_only=True)
class Levels:
    """How numbers become one of 256 levels, and what the colour bar says."""

    levels: np.ndarray  # uint8, the shape of the values
    colours: Sequence[str]
    ticks: Sequence[float]  # as levels
    words: Sequence[str]  # beside them
    low: float  # the value of level 0 and of level 255, as drawn (for a ratio: log10)
    high: float
    log: bool


class Names(NamedTuple):
    """What a heat map's parts are called."""

    x: str
    y: str
    value: str
    bar: str = ""


def ratio_levels(ratios: np.ndarray, reach: float | None = None) -> Levels:
    """Return the diverging log scale of a ratio to the loss's own step: 1 in the middle, cool below, warm above.

    The scale is symmetric and as wide as the ratios need, at most ``RATIO_DECADES`` decades each way; what is beyond
    takes the end colours, and the colour bar says so.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(np.abs(ratios))
    finite = logs[np.isfinite(logs)]
    widest = float(np.abs(finite).max()) if finite.size else 1.0
    most = reach if reach is not None else min(RATIO_DECADES, max(1.0, float(np.ceil(widest))))
    over = (logs > most + 1e-9).any(), (logs < -most - 1e-9).any()
    steps = np.unique(np.round(np.linspace(-most, most, 5)))
    words = ["1" if step == 0 else f"10{superscript(step)}" for step in steps]
    words[0] = f"≤ {words[0]}" if over[1] else words[0]
    words[-1] = f"≥ {words[-1]}" if over[0] else words[-1]
    return Levels(
        levels=quantised(logs, -most, most), colours=RATIO_SCALE, ticks=_level(steps, -most, most), words=words,
        low=-most, high=most, log=True,
    )  # fmt: skip


def log_levels(values: np.ndarray, colours: Sequence[str]) -> Levels:
    """Return a log scale over the positive finite numbers of ``values``, whole decades wide."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(values)
    finite = logs[np.isfinite(logs)]
    low, high = (float(np.floor(finite.min())), float(np.ceil(finite.max()))) if finite.size else (-1.0, 0.0)
    high = max(high, low + 1)
    steps = np.unique(np.round(np.linspace(low, high, 5)))
    words = ["1" if step == 0 else f"10{superscript(step)}" for step in steps]
    return Levels(
        levels=quantised(logs, low, high), colours=colours, ticks=_level(steps, low, high), words=words,
        low=low, high=high, log=True,
    )  # fmt: skip


def linear_levels(values: np.ndarray, low: float, high: float, colours: Sequence[str]) -> Levels:
    """Return a linear scale from ``low`` to ``high``; the colour bar says where values are beyond it."""
    finite = values[np.isfinite(values)]
    under, over = bool((finite < low).any()), bool((finite > high).any())
    steps = np.linspace(low, high, 5)
    words = [f"{step:.3g}" for step in steps]
    words[0], words[-1] = ("≤ " * under) + words[0], ("≥ " * over) + words[-1]
    return Levels(
        levels=quantised(values, low, high),
        colours=colours,
        ticks=_level(steps, low, high),
        words=words,
        low=low,
        high=high,
        log=False,
    )


def quantised(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return values in [low, high] as levels 0 … 255; beyond them the nearest end, NaN as 0 (and marked elsewhere)."""
    span = high - low or 1.0
    scaled = np.nan_to_num((values - low) / span * 255.0, nan=0.0, posinf=255.0, neginf=0.0)
    result: np.ndarray = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    return result


def heat_map(
    values: np.ndarray, scale: Levels, finding: str, names: Names, *, exact: np.ndarray | None = None,
    x: Any = None, y: Any = None, **layout: Any,
) -> go.Figure:  # fmt: skip
    """Draw ``values`` (rows upwards) by ``scale``.

    Args:
        values: what is drawn, (rows, columns); a NaN cell stays blank; it is marked where ``exact`` is not finite.
        scale: how it is drawn.
        finding: the title.
        names: what the axes, a cell's value and the colour bar are called.
        exact: what a cell says on hover, if not ``values``.
        x: the columns' coordinates, 0, 1, … by default.
        y: the rows' coordinates.
        layout: anything else of plotly's layout.
    """
    exact = values if exact is None else exact
    columns = np.arange(values.shape[1]) if x is None else np.asarray(x)
    rows = np.arange(values.shape[0]) if y is None else np.asarray(y)
    hidden = np.isnan(values)
    traces = [_cells(scale, exact, hidden, columns, rows, names)] if values.size else []
    odd = _odd_cells(exact, columns, rows)
    layout.setdefault("margin", {"l": 64, "r": 16, "t": 10, "b": 52})
    return figure([*traces, *odd], finding, x=names.x, y=names.y, empty=not values.size, showlegend=False, **layout)


def _cells(
    scale: Levels, exact: np.ndarray, hidden: np.ndarray, columns: np.ndarray, rows: np.ndarray, names: Names
) -> go.Heatmap:
    small, gap = scale.levels.size <= EXACT_CELLS, bool(hidden.any())
    levels = scale.levels
    if gap:  # bytes know no gap: level 0 is given up to be the gap, drawn transparent
        levels = np.where(hidden, 0, np.maximum(levels, 1)).astype(np.uint8)
    said = f"{names.value} = %{{customdata:.4g}}" if small else f"{names.value}: level %{{z}} of 255"
    bar = {"title": {"text": names.bar, "side": "right"}, "tickvals": scale.ticks, "ticktext": scale.words, "thickness": 14}
    meta = {"value": names.value, "low": scale.low, "high": scale.high, "log": scale.log, "gap": gap, "exact": small}
    return go.Heatmap(
        z=levels, x=columns, y=rows, zmin=0, zmax=255, colorscale=_with_gap(scale.colours, gap), colorbar=bar, meta=meta,
        customdata=_short(exact) if small else None,
        hovertemplate=f"{names.x} %{{x}}<br>{names.y} %{{y}}<br>{said}<extra></extra>",
    )  # fmt: skip


def _short(exact: np.ndarray) -> np.ndarray:
    """Return the numbers in float32, half as much to send, unless it would make a 0 of one that is none."""
    with np.errstate(under="ignore", over="ignore"):
        short = exact.astype(np.float32)
    return exact if ((short == 0) & (exact != 0)).any() else short


def _with_gap(colours: Sequence[str], gap: bool) -> list[list[Any]]:
    stops = colour_scale(colours)
    if not gap:
        return stops
    edge = 0.5 / 255
    return [[0, "rgba(0,0,0,0)"], [edge, "rgba(0,0,0,0)"], [edge, stops[0][1]], *stops[1:]]


def _odd_cells(exact: np.ndarray, columns: np.ndarray, rows: np.ndarray) -> list[go.Scatter]:
    found = np.argwhere(np.isnan(exact) | np.isposinf(exact)) if exact.size else np.empty((0, 2), dtype=int)
    if not len(found):
        return []
    words = ["NaN" if np.isnan(exact[row, column]) else "∞" for row, column in found]
    return [
        go.Scatter(
            x=columns[found[:, 1]], y=rows[found[:, 0]], mode="markers", name="NaN or ∞", customdata=words,
            marker={"symbol": "x", "size": 7, "color": hue("not finite")}, meta={"mark": "NaN or ∞"},
            hovertemplate="%{x}, %{y}: %{customdata}<extra></extra>",
        )
    ]  # fmt: skip


def _level(values: np.ndarray, low: float, high: float) -> list[float]:
    return [float(each) for each in (values - low) / (high - low or 1.0) * 255.0]
