"""Figures of a nudge: what it changes later beside what the gradient predicts, and where the two part."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import (
    Labelled,
    colour_of,
    decades,
    dotted,
    figure,
    hue,
    lines,
    log_axis,
    marks,
    name_of,
    powers_of_ten,
    reference,
)
from seqviz.language.words import listed, number
from seqviz.records import Nudge
from seqviz.records.agreement import AGREES
from seqviz.records.nudge import ROUNDED

OFF = 0.1  # an error of this share of the change measured is no longer called small
TIMES = 3.0  # from here on, or below 1 / TIMES, the predicted change is given as a multiple of the measured one
HARDLY = 1e-3  # below it a share is given as one that is under it
EXACT = 1e-14  # a smaller error is rounding of float64
FEWEST = 3  # sizes that determine a slope
STRAIGHT = 0.03  # errors up to here give the slope
LOWEST = 1e-16  # where the axis ends: a prediction below it can be checked against nothing
STEEP = "that is too much for the gradient, which is a straight line"


def nudge_figure(records: Mapping[str, Nudge], size: int) -> go.Figure:
    """Draw, n steps later, how far the nudge of the ``size``-th size has moved the state, and how far the gradient says.

    Args:
        records: by cell ("rnn", "lstm", "gru"), of the same nudge.
        size: the index of ε.
    """
    curves: list[Labelled] = []
    traces: list[go.Scatter] = []
    hidden = False
    for index, (cell, record) in enumerate(records.items()):
        later, colour, title = np.arange(len(record.predicted)), colour_of(cell, index), name_of(cell)
        told, foretold = record.measurable[size], record.sizes[size] * record.predicted
        exact, hidden = np.where(told, record.changes[size], ROUNDED), hidden or not told.all()
        in_view = np.where(foretold > 0, np.maximum(foretold, LOWEST), foretold)
        curves += [(title, later, exact), (f"{title}, by the gradient", later, in_view)]
        traces += [lines(title, later, np.where(told, exact, np.nan), colour=colour)]
        traces += [_dots(curves[-1][0], later, foretold, colour, "diamond-open"), *_set_apart(record, size, title, colour)]
    return figure(
        [*traces, *(_legend(hidden) if curves else ()), *marks(curves)], nudge_finding(records, size),
        x="steps later n", y="change of the state (L2)", empty=not curves, yaxis=log_axis([y for _, _, y in curves]),
    )  # fmt: skip


def _set_apart(record: Nudge, size: int, title: str, colour: str) -> list[go.Scatter]:
    """Circles where the gradient is off, triangles where there is too little to check it against."""
    later, told = np.arange(len(record.predicted)), record.measurable[size]
    parted = (record.relative_errors[size] > OFF) & told
    return [
        _dots(f"{title}, {SIGNS['circle-open']}", later[parted], record.changes[size][parted], colour, "circle-open"),
        _dots(f"{title}, {SIGNS['triangle-down']}", later[~told], np.full((~told).sum(), ROUNDED), colour, "triangle-down"),
    ]


SIGNS: Mapping[str, str] = {
    "line": "measured",
    "diamond-open": "by the gradient",
    "circle-open": f"more than {OFF:.0%} off",
    "triangle-down": f"too small to measure (under {number(ROUNDED)})",
}


def _dots(name: str, x: np.ndarray, y: np.ndarray, colour: str, symbol: str) -> go.Scatter:
    shown, filled = np.where(y > 0, y, np.nan), symbol == "triangle-down"
    size, edge = 11 if symbol == "circle-open" else 6, 0 if filled else 1.5
    return go.Scatter(
        x=x, y=shown, mode="markers", name=name, showlegend=False,
        hovertemplate=f"{name}<br>%{{x}}{'' if filled else ': %{y:.4g}'}<extra></extra>",
        marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": edge}},
    )  # fmt: skip


def _legend(hidden: bool) -> list[go.Scatter]:
    """What the signs mean in every network's colour; a point without a height, since plotly leaves out empty curves."""
    plain: dict[str, Any] = {"x": [0], "y": [None], "hoverinfo": "skip"}
    grey = hue("note")
    signs = [
        go.Scatter(**plain, mode="markers", name=name, marker={"symbol": symbol, "size": 9, "color": grey})
        for symbol, name in SIGNS.items()
        if symbol != "line" and (hidden or symbol != "triangle-down")
    ]
    return [go.Scatter(**plain, mode="lines", name=SIGNS["line"], line={"color": grey, "width": 2.5}), *signs]


def nudge_finding(records: Mapping[str, Nudge], size: int) -> str:
    """Return in words how far the nudge is felt at the last step, and how well the gradient predicts it everywhere."""
    if not records:
        return "No network is chosen."
    one = next(iter(records.values()))
    last = len(one.predicted) - 1
    steps = "there" if last == 0 else "1 step later" if last == 1 else f"{last} steps later"
    told = f"Nudged by {number(float(one.sizes[size]))} at t = {one.time}, the state {steps} is off by {_moved(records, size)}."
    return f"{told} {_verdict(records, size)}"


def _moved(records: Mapping[str, Nudge], size: int) -> str:
    moved = {name_of(cell): float(record.changes[size, -1]) for cell, record in records.items()}
    large = [f"{number(change)} in the {title}" for title, change in moved.items() if change > ROUNDED]
    small = [f"the {title}" for title, change in moved.items() if change <= ROUNDED]
    less = f"less than {number(ROUNDED)}, too little to measure, in {listed(small)}" if small else ""
    return f"{listed(large)}, and by {less}" if large and small else listed(large) if large else less


def _verdict(records: Mapping[str, Nudge], size: int) -> str:
    """Return how well the gradient predicts what can be measured, network by network; none is left out."""
    known = {cell: record for cell, record in records.items() if np.isfinite(record.relative_errors[size]).any()}
    if not known:
        return "All of it is too small for float64 to measure, so nothing can be held against the gradient."
    judged = {cell: _judged(record, size) for cell, record in known.items()}
    parted = [f"in the {name_of(cell)} it {said}" for cell, (worst, said) in judged.items() if worst > OFF]
    told = f"{STEEP[:1].upper()}{STEEP[1:]}: {'; '.join(parted)}" if parted else ""
    within = {cell: worst for cell, (worst, _) in judged.items() if not worst > OFF}
    whole = all(np.isfinite(known[cell].relative_errors[size]).all() for cell in within)
    if within:
        told += f"; {_within(within)}" if parted else f"The gradient says so {_precision(max(within.values()))}"
        told += (", at every step" if not parted else "") + ("" if whole else " where it can be measured")
    missing = [f"the {name_of(cell)}" for cell in records if cell not in known]
    return f"{told}." + (f" In {listed(missing)} all of it is too small to measure." if missing else "")


def _within(shares: Mapping[str, float]) -> str:
    cells = listed([f"the {name_of(cell)}" for cell in shares])
    return f"in {cells} it is right {_precision(max(shares.values()))}"


def _precision(share: float) -> str:
    return f"to within {f'{number(100 * share)} %' if share >= HARDLY else f'{100 * HARDLY:g} %'}"


def _judged(record: Nudge, size: int) -> tuple[float, str]:
    """Return the largest relative error, and in words what the gradient does at the step where it is worst."""
    shares, ratios = record.relative_errors[size], record.ratios[size]
    with np.errstate(divide="ignore"):
        at = int(np.nanargmax(np.maximum(shares, np.where(ratios < 1 / TIMES, 1 / ratios, 0))))
    ratio, worst = float(ratios[at]), float(np.nanmax(shares))
    if 1 / TIMES < ratio < TIMES:
        return worst, f"is off by up to {number(100 * worst)} %"
    least = "" if record.measurable[size, at] else "at least "
    times = f"{least}{number(ratio)} times" if ratio > 0 else "nothing of"
    return worst, f"foretells {times} what happens (at n = {at})"


def nudge_error_figure(records: Mapping[str, Nudge], size: int, later: int) -> go.Figure:
    """Draw the gradient's relative error ``later`` steps later by the nudge's size; both axes are logarithmic.

    Args:
        records: by cell.
        size: the index of the size that is shown elsewhere.
        later: n.
    """
    curves = [
        (name_of(cell), record.sizes, record.relative_errors[:, later]) for cell, record in records.items()
    ]  # fmt: skip
    known = [(label, x[np.isfinite(y)], y[np.isfinite(y)]) for label, x, y in curves]
    traces = [
        lines(*curve, colour=colour_of(cell, index), hovertemplate="%{fullData.name}<br>ε = %{x:.3g}: %{y:.3g}<extra></extra>")
        for index, (cell, curve) in enumerate(zip(records, known, strict=True))
    ]
    drawn = figure(
        [*traces, *marks(known)], error_finding(records, later), x="size of the nudge ε", y="error ÷ change measured",
        height=300, empty=not any(len(x) for _, x, _ in known), yaxis=log_axis([y for _, _, y in known]),
        xaxis=powers_of_ten(*decades([x for _, x, _ in curves])),
    )  # fmt: skip
    sizes = next(iter(records.values())).sizes if records else np.ones(1)
    drawn.add_trace(reference(f"{OFF:.0%}", (float(sizes[0]), float(sizes[-1])), OFF, "threshold"))
    drawn.add_vline(x=float(sizes[min(size, len(sizes) - 1)]), line=dotted())
    return drawn


def error_finding(records: Mapping[str, Nudge], later: int) -> str:
    """Return in words how the error shrinks with the nudge, and from which size on it is no longer small."""
    slopes = {cell: error_slope(record, later) for cell, record in records.items()}
    known = {cell: slope for cell, slope in slopes.items() if np.isfinite(slope)}
    begin = "At once" if later == 0 else "1 step later" if later == 1 else f"{later} steps later"
    missing = _unknown({cell: record for cell, record in records.items() if cell not in known}, later)
    if not known:
        return f"{begin}, how the error shrinks with the nudge cannot be told: {missing}."
    tenfold = {cell: number(10**slope) for cell, slope in known.items()}
    if len(set(tenfold.values())) == 1:
        told = f"{next(iter(tenfold.values()))} times smaller"
    else:
        told = f"smaller: {listed([f'{factor} times in the {name_of(cell)}' for cell, factor in tenfold.items()])}"
    first = f"{begin}, a nudge ten times smaller makes the gradient's relative error {told}"
    limits = [_limit(cell, records[cell], later) for cell in known]
    return f"{first}; it exceeds {100 * OFF:.0f} % {listed(limits)}{f'; {missing}' if missing else ''}."


def _unknown(records: Mapping[str, Nudge], later: int) -> str:
    """Why nothing is said of how the error shrinks in these networks, grouped by reason."""
    reasons: dict[str, list[str]] = {}
    for cell, record in records.items():
        reasons.setdefault(_reason(record.relative_errors[:, later]), []).append(f"the {name_of(cell)}")
    return "; ".join(f"in {listed(cells)} {reason}" for reason, cells in reasons.items())


def _reason(shares: np.ndarray) -> str:
    known = shares[np.isfinite(shares)]
    if known.size < FEWEST:
        return "too little is left of the nudge to measure"
    if (known > STRAIGHT).sum() > known.size - FEWEST:
        return "the nudges that can be measured are too large for a straight line"
    return "too few errors are small and yet large enough to measure"


def error_slope(record: Nudge, later: int) -> float:
    """Return d log error / d log ε where the error is small: 1 where the change agrees with the gradient to first order."""
    shares = record.relative_errors[:, later]
    with np.errstate(invalid="ignore"):
        small = np.isfinite(shares) & (shares < STRAIGHT) & (record.errors[:, later] > EXACT)
    if small.sum() < FEWEST:
        return float("nan")
    return float(np.polyfit(np.log(record.sizes[small]), np.log(shares[small]), 1)[0])


def _limit(cell: str, record: Nudge, later: int) -> str:
    title, shares = name_of(cell), record.relative_errors[:, later]
    with np.errstate(invalid="ignore"):
        over = np.flatnonzero(shares > OFF)
    if not over.size:
        return f"nowhere in the {title}"
    rest = shares[over[0] :]
    begin = "from ε = {} on" if (rest[np.isfinite(rest)] > OFF).all() else "first at ε = {}"
    return f"{begin.format(number(float(record.sizes[over[0]])))} in the {title}"


def checks(records: Mapping[str, Nudge]) -> str:
    """Return in words how the gradient at the last step agrees with finite differences, and why where it does not."""
    return "; ".join(f"{name_of(cell)} {_check(record)}" for cell, record in records.items())


def _check(record: Nudge) -> str:
    agreement = record.agreement
    agrees = agreement.relative_error is not None and agreement.relative_error <= AGREES
    if agrees or abs(agreement.gradient) <= max(1.0, abs(agreement.difference)):
        return agreement.sentence
    steep = f"the gradient foretells {number(abs(agreement.gradient))} times the nudge"
    return f"{agreement.sentence} ({steep}: even the smallest that the check can make is too large for a straight line)"
