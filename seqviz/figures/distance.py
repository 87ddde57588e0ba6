"""What distance does: to a gradient, to the time that a sequence takes, and to the steps that wait for one another."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import band, figure, hue, lines, log_axis, marks, powers_of_ten
from seqviz.language.words import became, changes, listed, number, superscript
from seqviz.records import DistantGradient, LengthTimes

ROLE_OF: Mapping[str, str] = {"causal": "transformer", "none": "translator", "additive": "attending translator"}
LAYERED: Mapping[str, int] = {"causal": 1, "transformer": 2}  # stacks of layers, in networks that have no chain of steps
BEYOND = 3  # the lengths from the last on that a slope is read off


def distance_figure(found: Mapping[str, DistantGradient], titles: Mapping[str, str]) -> go.Figure:
    """Draw how much of the gradient at the nearest step is left at each distance: the median and the range over seeds.

    Args:
        found: by network.
        titles: of the networks, as a sentence writes them after "the".
    """
    bands = [
        band(
            record.distances, record.shares.min(axis=0), record.shares.max(axis=0), _hue(name), name=f"{titles[name]}, range",
            showlegend=False,
        )
        for name, record in found.items()
        if len(record.norms) > 1
    ]  # fmt: skip
    curves = [(titles[name], record.distances, record.medians) for name, record in found.items()]
    drawn = [
        lines(
            label, x, y, colour=_hue(name),
            hovertemplate="%{fullData.name}, %{x} steps back: %{y:.4g} of the nearest<extra></extra>",
        )
        for name, (label, x, y) in zip(found, curves, strict=True)
    ]  # fmt: skip
    spans = [record.shares for record in found.values()]
    return figure(
        [*bands, *drawn, *marks(curves)], distance_finding(found, titles), x="steps back from the loss, T − t",
        y="‖∂L/∂x‖ ÷ nearest", height=420, yaxis=log_axis(spans), empty=not found,
    )  # fmt: skip


def distance_finding(found: Mapping[str, DistantGradient], titles: Mapping[str, str]) -> str:
    """Return in words what becomes of the gradient from one step back to the furthest."""
    if not found:
        return "No network is chosen."
    distances = next(iter(found.values())).distances
    first = int(np.flatnonzero(distances >= 1)[0])
    told = [(f" in the {titles[name]}", became(record.medians, first, -1)) for name, record in found.items()]
    return f"From 1 step back to {distances[-1]}, the gradient at the input {changes(told)}."


def own_step(found: Mapping[str, DistantGradient], titles: Mapping[str, str]) -> str:
    """Return in words how the step just before the loss's own compares with it; empty where the loss has no own step."""
    parts = [
        f"{number(float(record.medians[1]))} in the {titles[name]}"
        for name, record in found.items()
        if record.distances[0] == 0
    ]
    return f"One step back, of the gradient at the loss’s own step there is {listed(parts)}." if parts else ""


def times_figure(found: Sequence[LengthTimes], titles: Mapping[str, str]) -> go.Figure:
    """Draw the milliseconds that each network takes with one sequence, by its length: the median and all rounds.

    Args:
        found: one for each length, rising.
        titles: of the networks.
    """
    traces: list[go.Scatter] = []
    for name, title in titles.items() if found else ():
        lengths, medians = _medians(found, name)
        runs = [(each.length, 1000 * seconds) for each in found for seconds in each.seconds[name]]
        traces.append(_runs(title, name, runs))
        traces.append(_median(title, name, lengths, medians))
    held = [1000 * each.seconds[name] for each in found for name in titles]
    return figure(
        traces, times_finding(found, titles), x="sequence length T", y="milliseconds, forward and backward", height=420,
        xaxis=_lengths_axis([each.length for each in found]), yaxis=log_axis(held),
        empty=not found,
    )  # fmt: skip


def times_finding(found: Sequence[LengthTimes], titles: Mapping[str, str]) -> str:
    """Return in words which network is quickest at which length, and how each one's time grows."""
    if not found:
        return "Nothing has been timed yet."
    quickest = [min(titles, key=each.median) for each in found]
    alone = f", in {1000 * found[0].median(quickest[0]):.3g} ms" if len(found) == 1 else ""
    said = f"Measured here: {_quickest([each.length for each in found], quickest, titles)}{alone}."
    if len(found) < BEYOND:
        return said
    grows = listed([f"T{superscript(round(slope(found, name), 1))} ({title})" for name, title in titles.items()])
    return f"{said} From T = {found[-BEYOND].length} to {found[-1].length} time grows as {grows}."


def slope(found: Sequence[LengthTimes], name: str) -> float:
    """Return the power of T that one network's time grows as over the last three lengths: the slope on log axes."""
    lengths, medians = _medians(found[-BEYOND:], name)
    return float(np.polyfit(np.log(lengths), np.log(medians), 1)[0])


def waiting_figure(lengths: Sequence[int], layers: int, titles: Mapping[str, str]) -> go.Figure:
    """Draw how many states must be computed one after another, by sequence length."""
    x = np.array(lengths)
    traces = [
        _median(listed([titles[name] for name in names]), _together(names), x, waiting(x, layers, names[0]), unit="states")
        for names in _alike(titles, int(x[-1]), layers).values()
    ]
    return figure(
        traces, waiting_finding(int(x[-1]), layers, titles), x="sequence length T", y="states one after another", height=300,
        xaxis=_lengths_axis(lengths), yaxis={"rangemode": "tozero", **powers_of_ten(0, 3), "range": [-0.2, 3.6]},
    )  # fmt: skip


def waiting_finding(length: int, layers: int, titles: Mapping[str, str]) -> str:
    """Return in words how many states wait for one another in each network."""
    groups = _alike(titles, length, layers).items()
    first, *others = [(f"{count:,}", f"in the {listed([titles[name] for name in names])}") for count, names in groups]
    said = f"At T = {length}, {first[0]} states wait for one another {first[1]}"
    return "; ".join([said, *(f"{count} {where}" for count, where in others)]) + "."


def waiting(length: np.ndarray | int, layers: int, name: str) -> np.ndarray | int:
    """Return the longest chain of states, each of which needs the one before, through a sequence read and, where one is,
    through another as long that is written and whose right symbols are given.

    Layer l at time t needs layer l at t - 1 and layer l - 1 at t, so a recurrent stack's longest chain has T + layers - 1,
    and a decoder's that goes on where an encoder ends twice T. Where the first layer looks back by what the last layer had
    one step before, no layer is ahead of another. A Transformer's state needs the layer below alone, and a decoder's
    first one the encoder's last.

    >>> waiting(100, 2, "lstm"), waiting(100, 2, "none"), waiting(100, 2, "additive")
    (101, 201, 301)
    >>> waiting(100, 2, "causal"), waiting(100, 2, "transformer")
    (2, 4)
    """
    read = length + layers - 1
    if name in LAYERED:
        return 0 * length + LAYERED[name] * layers
    return {"none": read + length, "additive": read + layers * length}.get(name, read)


def _together(names: Sequence[str]) -> str:
    """Return the network whose colour a curve of all these has: of several, the grey one's."""
    return names[0] if len(names) == 1 else "none"


def _alike(titles: Mapping[str, str], length: int, layers: int) -> dict[int, list[str]]:
    """Return the networks by how many states wait in them, the longest chain first."""
    counts = {name: int(waiting(length, layers, name)) for name in titles}
    return {count: [name for name in titles if counts[name] == count] for count in sorted({*counts.values()}, reverse=True)}


def _quickest(lengths: Sequence[int], quickest: Sequence[str], titles: Mapping[str, str]) -> str:
    spans: list[list[int]] = []
    for at in range(len(lengths)):
        if at and quickest[at] == quickest[at - 1]:
            spans[-1][1] = at
        else:
            spans.append([at, at])
    told = [
        f"the {titles[quickest[first]]} at T = {lengths[first]}{f' to {lengths[last]}' if last > first else ''}"
        for first, last in spans
    ]
    if len(spans) == 1:
        return f"the {titles[quickest[0]]} is the quickest at {'every length' if len(lengths) > 1 else f'T = {lengths[0]}'}"
    return f"the quickest is {listed(told)}"


def _medians(found: Sequence[LengthTimes], name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the lengths, and one network's medians in milliseconds."""
    return np.array([each.length for each in found]), np.array([1000 * each.median(name) for each in found])


def _lengths_axis(lengths: Sequence[int]) -> dict[str, object]:
    ends = [float(np.log10(lengths[0])) - 0.08, float(np.log10(lengths[-1])) + 0.08] if lengths else [0, 3]
    ticks = {"tickmode": "array", "tickvals": list(lengths), "ticktext": [str(each) for each in lengths]}
    return {"type": "log", "range": ends, **ticks}


def _runs(title: str, name: str, runs: Sequence[tuple[int, float]]) -> go.Scatter:
    lengths, values = zip(*runs, strict=True)
    return go.Scatter(
        x=list(lengths), y=list(values), name=f"{title}, each round", mode="markers", showlegend=False, opacity=0.45,
        marker={"color": _hue(name), "size": 5},
        hovertemplate="%{fullData.name}<br>T = %{x}: %{y:.4g} ms<extra></extra>",
    )  # fmt: skip


def _median(title: str, name: str, x: np.ndarray, y: np.ndarray | int, unit: str = "ms") -> go.Scatter:
    return go.Scatter(
        x=x, y=y, name=title, mode="lines", line={"color": _hue(name), "width": 2.5},
        hovertemplate=f"%{{fullData.name}}<br>T = %{{x}}: %{{y:.4g}} {unit}<extra></extra>",
    )  # fmt: skip


def _hue(name: str) -> str:
    """Return a network's colour: that of its kind, or of the translator that it is."""
    return hue(ROLE_OF.get(name, name))
