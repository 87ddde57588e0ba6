"""Figures of a nudge: what it changes later beside what the gradient foretells, and where the two part."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.gradients import TITLES
from seqviz.figures.look import ROLES, Labelled, colour_of, figure, lines, log_axis, marks, reference
from seqviz.figures.words import listed, number
from seqviz.records import Nudge

OFF = 0.1  # an error of this share of the change foretold is no longer called small
HARDLY = 1e-3  # below it a share is told as one that is under it
SEEN = 1e-15  # a smaller change of the state is rounding of float64
STRAIGHT = 0.03  # errors up to here are told by their slope


def nudge_figure(records: Mapping[str, Nudge], size: int) -> go.Figure:
    """Draw, n steps later, how far the nudge of the ``size``-th size has moved the state, and how far the gradient says.

    Args:
        records: by cell ("rnn", "lstm", "gru"), of the same nudge.
        size: the index of ε.
    """
    curves: list[Labelled] = []
    traces: list[go.Scatter] = []
    for index, (cell, record) in enumerate(records.items()):
        later, colour, title = np.arange(len(record.predicted)), colour_of(cell, index), TITLES.get(cell, cell)
        exact, foretold = record.changes[size], record.sizes[size] * record.predicted
        curves += [(title, later, exact), (f"{title}, by the gradient", later, foretold)]
        parted = record.relative_errors[size] > OFF
        traces += [
            lines(*curves[-2], colour=colour),
            _dots(f"{title}, by the gradient", later, foretold, colour, "diamond-open"),
            _dots(f"{title}, more than {OFF:.0%} off", later[parted], exact[parted], colour, "circle-open"),
        ]
    return figure(
        [*traces, *_legend(), *marks(curves)], nudge_finding(records, size), x="steps later n", y="change of the state (L2)",
        empty=not curves, yaxis=log_axis([y for _, _, y in curves]),
    )  # fmt: skip


def _dots(name: str, x: np.ndarray, y: np.ndarray, colour: str, symbol: str) -> go.Scatter:
    shown = np.where(y > 0, y, np.nan)
    return go.Scatter(
        x=x, y=shown, mode="markers", name=name, showlegend=False, hovertemplate=f"{name}<br>%{{x}}: %{{y:.4g}}<extra></extra>",
        marker={"symbol": symbol, "size": 6 if symbol == "diamond-open" else 11, "color": colour, "line": {"width": 1.5}},
    )  # fmt: skip


def _legend() -> list[go.Scatter]:
    """What the signs mean, whatever network they are of."""
    words = {"diamond-open": "by the gradient", "circle-open": f"more than {OFF:.0%} off"}
    return [
        go.Scatter(x=[], y=[], mode="markers", name=name, marker={"symbol": symbol, "size": 9, "color": ROLES["bound"]})
        for symbol, name in words.items()
    ]


def nudge_finding(records: Mapping[str, Nudge], size: int) -> str:
    """Return in words how far the nudge is felt at the last step, and how well the gradient foretells it everywhere."""
    if not records:
        return "No network is chosen."
    one = next(iter(records.values()))
    last = len(one.predicted) - 1
    moved = [f"{_told(float(record.changes[size, -1]))} in the {TITLES.get(cell, cell)}" for cell, record in records.items()]
    steps = "there" if last == 0 else "1 step later" if last == 1 else f"{last} steps later"
    told = f"Nudged by {number(float(one.sizes[size]))} at t = {one.time}, the state {steps} is off by {listed(moved)}."
    return f"{told} {_verdict(records, size)}"


def _told(change: float) -> str:
    return f"less than {number(SEEN)}" if change < SEEN else number(change)


def _verdict(records: Mapping[str, Nudge], size: int) -> str:
    worst = {cell: _worst(record, size) for cell, record in records.items()}
    known = {cell: share for cell, share in worst.items() if np.isfinite(share)}
    if not known:
        return "Nothing of it is large enough for float64 to hold against the gradient."
    parted = [f"{100 * share:.0f} % in the {TITLES.get(cell, cell)}" for cell, share in known.items() if share > OFF]
    if parted:
        return f"That is too much for the gradient, which is a straight line: it is off by up to {listed(parted)}."
    most = max(known.values())
    within = f"{number(100 * most)} %" if most >= HARDLY else f"{100 * HARDLY:g} %"
    return f"The gradient says so to within {within}, at every step."


def _worst(record: Nudge, size: int) -> float:
    shares = record.relative_errors[size]
    return float(np.nanmax(shares)) if np.isfinite(shares).any() else float("nan")


def nudge_error_figure(records: Mapping[str, Nudge], size: int, later: int) -> go.Figure:
    """Draw the gradient's relative error ``later`` steps later by the nudge's size; both axes are logarithmic.

    Args:
        records: by cell.
        size: the index of the size that is shown elsewhere.
        later: n.
    """
    curves = [
        (TITLES.get(cell, cell), record.sizes, record.relative_errors[:, later]) for cell, record in records.items()
    ]  # fmt: skip
    known = [(label, x[np.isfinite(y)], y[np.isfinite(y)]) for label, x, y in curves]
    traces = [
        lines(*curve, colour=colour_of(cell, index), hovertemplate="%{fullData.name}<br>ε = %{x:.3g}: %{y:.3g}<extra></extra>")
        for index, (cell, curve) in enumerate(zip(records, known, strict=True))
    ]
    drawn = figure(
        [*traces, *marks(known)], error_finding(records, later), x="size of the nudge ε", y="error ÷ change foretold",
        height=300, empty=not any(len(x) for _, x, _ in known), yaxis=log_axis([y for _, _, y in known]),
        xaxis={"type": "log", "exponentformat": "power", "dtick": 1},
    )  # fmt: skip
    sizes = next(iter(records.values())).sizes if records else np.ones(1)
    drawn.add_trace(reference(f"{OFF:.0%}", (float(sizes[0]), float(sizes[-1])), OFF, "threshold"))
    drawn.add_vline(x=float(sizes[min(size, len(sizes) - 1)]), line={"color": ROLES["bound"], "width": 1, "dash": "dot"})
    return drawn


def error_finding(records: Mapping[str, Nudge], later: int) -> str:
    """Return in words how the error shrinks with the nudge, and from which size on it is no longer small."""
    slopes = {cell: error_slope(record, later) for cell, record in records.items()}
    known = {cell: slope for cell, slope in slopes.items() if np.isfinite(slope)}
    begin = f"{later} steps later" if later != 1 else "1 step later"
    if not known:
        return f"{begin}, too little is left of the nudge for float64 to tell how the error shrinks with it."
    tenfold = {cell: f"{number(10**slope)} times" for cell, slope in known.items()}
    if len(set(tenfold.values())) == 1:
        told = next(iter(tenfold.values()))
    else:
        told = listed([f"{factor} in the {TITLES.get(cell, cell)}" for cell, factor in tenfold.items()])
    first = f"{begin}, a nudge ten times smaller makes the gradient's relative error smaller {told}"
    limits = [_limit(cell, record, later) for cell, record in records.items() if cell in known]
    return f"{first}; it exceeds {100 * OFF:.0f} % {listed(limits)}."


def error_slope(record: Nudge, later: int) -> float:
    """Return d log error / d log ε where the error is small: 1 where the change agrees with the gradient to first order."""
    shares = record.relative_errors[:, later]
    with np.errstate(invalid="ignore"):
        small = np.isfinite(shares) & (shares < STRAIGHT) & (shares > 1e-7)
    if small.sum() < 3:
        return float("nan")
    return float(np.polyfit(np.log(record.sizes[small]), np.log(shares[small]), 1)[0])


def _limit(cell: str, record: Nudge, later: int) -> str:
    title = TITLES.get(cell, cell)
    with np.errstate(invalid="ignore"):
        over = np.flatnonzero(record.relative_errors[:, later] > OFF)
    return f"from ε = {number(float(record.sizes[over[0]]))} on in the {title}" if over.size else f"nowhere in the {title}"
