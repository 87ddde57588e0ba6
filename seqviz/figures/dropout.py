"""Which connections of an unrolled recurrent network are dropped in one training step."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import figure, hue
from seqviz.records import DropoutMasks

Point = tuple[float, float, str, bool]  # where a connection is drawn, which it is, and whether it is kept

SPREAD = 0.8  # of a connection's units, side by side, in units of the axes
NARROWEST = 560  # pixels, of a figure with few marks
CLOSEST = 8  # pixels from one mark to the next
IN_A_ROW = 4  # marks side by side; more take two rows in turn
STAGGER = 0.07  # how far each of the two rows is from where one would be, in units of the axes
MARGIN = {"l": 70, "r": 16, "t": 36, "b": 52}


def narrowest(masks: DropoutMasks) -> int:
    """Return the pixels below which the figure is scrolled rather than squeezed, so that no mark covers its neighbour."""
    time, units = int(masks.onward.shape[1]), int(masks.onward.shape[2])
    return max(NARROWEST, MARGIN["l"] + MARGIN["r"] + round(CLOSEST * time * _in_a_row(units) / SPREAD))


def _in_a_row(units: int) -> float:
    """Return for how many marks there is room side by side, where so many units have one each."""
    return units / 2 if units > IN_A_ROW else IN_A_ROW


def dropout_figure(masks: DropoutMasks, *, training: bool = True, where: str = "") -> go.Figure:
    """Draw the unrolled network: states by layer and time, and each unit's connections upward and onward, kept or dropped.

    Args:
        masks: of one sequence.
        training: whether it is trained; if not, nothing is dropped.
        where: which connections were to be dropped, "layers" for those between layers.
    """
    layers, time, units = masks.onward.shape
    apart = (narrowest(masks) - MARGIN["l"] - MARGIN["r"]) / time * SPREAD / _in_a_row(units)  # pixels, where it is narrowest
    points = [*_upward(masks.upward), *_onward(masks.onward)]
    traces = [_ways(layers, time), _states(layers, time), *_connections(points, apart)]
    words = ["inputs", *(f"layer {layer}" for layer in range(1, layers + 1)), "answers"]
    return figure(
        traces, dropout_finding(masks, training=training, where=where), x="time step t", y="", height=150 + 110 * (layers + 1),
        xaxis={"range": [-0.6, time - 0.4], "dtick": 1, "showgrid": False, "zeroline": False},
        yaxis={
            "tickvals": list(range(layers + 2)), "ticktext": words, "range": [-0.4, layers + 1.4], "showgrid": False,
            "zeroline": False,
        },
        margin=MARGIN,
    )  # fmt: skip


def dropout_finding(masks: DropoutMasks, *, training: bool = True, where: str = "") -> str:
    """Return in words how many connections are dropped, and how many units keep an unbroken way through time."""
    time = masks.onward.shape[1]
    if not training:
        return "Outside training nothing is dropped: every connection is kept."
    if where == "layers" and not masks.upward.size:
        return "A single layer has no connections between layers: nothing is dropped."
    between = f"{_count(masks.upward)} between layers, " if masks.upward.size else ""
    said = f"Dropped: {between}{_count(masks.onward[:, 1:])} through time."
    whole = masks.unbroken
    return f"{said} {_some(int(whole.sum()), whole.size)} an unbroken way from t = 0 to t = {time - 1}."


def _count(kept: np.ndarray) -> str:
    gone = int((~kept).sum())
    return f"{gone} of {kept.size} ({100 * gone / kept.size:.0f} %)" if gone else f"none of {kept.size}"


def _some(count: int, of: int) -> str:
    if count == of:
        return "Every unit keeps" if of > 1 else "The unit keeps"
    if of == 1:
        return "The unit does not keep"
    return f"{count} of {of} units {'keeps' if count == 1 else 'keep'}" if count else f"None of {of} units keeps"


def _upward(kept: np.ndarray) -> list[Point]:
    units = kept.shape[2]
    offset, aside = _offsets(units), STAGGER * (units > IN_A_ROW)
    return [
        (
            at + offset[unit],
            layer + 1.5 + (aside if unit % 2 else -aside),
            f"up to layer {layer + 2} at t = {at}, unit {unit + 1}",
            bool(kept[layer, at, unit]),
        )
        for layer, at, unit in np.ndindex(kept.shape)
    ]


def _onward(kept: np.ndarray) -> list[Point]:
    offset, kept = _offsets(kept.shape[2]), kept[:, 1:]  # nothing comes before t = 0
    return [
        (
            at + 0.5,
            layer + 1 + offset[unit],
            f"layer {layer + 1}, from t = {at} to t = {at + 1}, unit {unit + 1}",
            bool(kept[layer, at, unit]),
        )
        for layer, at, unit in np.ndindex(kept.shape)
    ]


def _offsets(units: int) -> np.ndarray:
    """Return how far each unit's connection is from the middle of them all."""
    return (np.arange(units) - (units - 1) / 2) * SPREAD / max(units, IN_A_ROW)


def _ways(layers: int, time: int) -> go.Scatter:
    """Draw every way that a number takes, one line each."""
    ends = [((at, row), (at, row + 1)) for at in range(time) for row in range(layers + 1)]
    ends += [((at - 1, row), (at, row)) for at in range(1, time) for row in range(1, layers + 1)]
    x = [value for start, end in ends for value in (start[0], end[0], None)]
    y = [value for start, end in ends for value in (start[1], end[1], None)]
    return go.Scatter(
        x=x, y=y, mode="lines", line={"color": hue("outline"), "width": 1}, hoverinfo="skip", showlegend=False
    )  # fmt: skip


def _states(layers: int, time: int) -> go.Scatter:
    places = [(at, layer) for at in range(time) for layer in range(1, layers + 1)]
    return go.Scatter(
        x=[at for at, _ in places], y=[layer for _, layer in places], mode="markers", name="state",
        marker={"symbol": "square", "size": 15, "color": hue("outline")},
        hovertemplate="state of layer %{y} at t = %{x}<extra></extra>",
    )  # fmt: skip


def _connections(points: Sequence[Point], apart: float) -> list[go.Scatter]:
    """Draw kept connections as dots and dropped ones as crosses, told apart by shape too, ``apart`` pixels between two."""
    looks = {"kept": (True, "circle", "kept", min(6.0, 0.7 * apart)), "dropped": (False, "x", "dropped", min(8.0, apart))}
    traces = []
    for name, (wanted, symbol, role, size) in looks.items():
        chosen = [point for point in points if point[3] == wanted]
        if chosen:
            traces.append(
                go.Scatter(
                    x=[x for x, *_ in chosen], y=[y for _, y, *_ in chosen], mode="markers", name=name,
                    marker={"symbol": symbol, "size": size, "color": hue(role)}, customdata=[said for *_, said, _ in chosen],
                    hovertemplate="%{customdata}: " + name + "<extra></extra>",
                )
            )  # fmt: skip
    return traces
