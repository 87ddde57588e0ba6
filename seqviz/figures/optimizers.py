"""Figure of optimizers under the same clipping: their losses, as a band over seeds or as single runs."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.experiment.training import OPTIMIZERS
from seqviz.figures.look import ROLES, faint, figure, log_axis, reference
from seqviz.figures.words import listed, number

COLOURS: Mapping[str, str] = {"sgd": "rnn", "momentum": "other", "rmsprop": "gru", "adam": "lstm", "adadelta": "plum"}
DASHES: Mapping[str, str] = {"sgd": "solid", "momentum": "dash", "rmsprop": "dot", "adam": "solid", "adadelta": "dashdot"}
STRETCH = 50  # training steps whose mean is a point
MEMORYLESS = 1 / 6  # the loss of always answering 1 to the adding problem


def optimizer_figure(curves: Mapping[str, np.ndarray]) -> go.Figure:
    """Draw the loss of each optimizer: the median over its seeds as a line, the range as a band.

    Args:
        curves: (seed, point) by optimizer; a point is the mean of 50 training steps.
    """
    traces: list[Any] = []
    for optimizer, losses in curves.items():
        if losses.size:
            traces += _band(optimizer, losses)
    longest = max((losses.shape[1] for losses in curves.values() if losses.size), default=0)
    held = [losses for losses in curves.values() if losses.size]
    if longest:
        traces.append(reference("without memory: always 1", [STRETCH, STRETCH * longest], MEMORYLESS))
        held.append(np.array([MEMORYLESS]))
    return figure(
        traces, optimizer_finding(curves), x=f"training step, means of {STRETCH}", y="squared error", empty=not longest,
        yaxis=log_axis(held),
    )  # fmt: skip


def optimizer_finding(curves: Mapping[str, np.ndarray]) -> str:
    """Return in words where each optimizer's loss ended, the lowest median first, and which are no better than no memory."""
    ends = {optimizer: losses[:, -1] for optimizer, losses in curves.items() if losses.size}
    if not ends:
        return "No run has trained 50 steps yet."
    order = sorted(ends, key=lambda optimizer: float(np.median(ends[optimizer])))
    seeds = {len(values) for values in ends.values()}
    many = f"median of {seeds.pop()} seeds" if len(seeds) == 1 and max(seeds) > 1 else "one seed each"
    told = [f"{OPTIMIZERS[each]} {number(float(np.median(ends[each])))}" for each in order]
    return f"Loss at the end ({many}): {listed(told)}; without memory it is {number(MEMORYLESS)}."


def _band(optimizer: str, losses: np.ndarray) -> list[go.Scatter]:
    steps = STRETCH * np.arange(1, losses.shape[1] + 1)
    colour, title = ROLES[COLOURS[optimizer]], OPTIMIZERS[optimizer]
    low, middle, high = losses.min(axis=0), np.median(losses, axis=0), losses.max(axis=0)
    line = go.Scatter(
        x=steps, y=middle, name=title, mode="lines", line={"color": colour, "width": 2.5, "dash": DASHES[optimizer]},
        customdata=np.stack([low, high], axis=1),
        hovertemplate="%{fullData.name}<br>steps up to %{x}: %{y:.3g}"
        "<br>seeds from %{customdata[0]:.3g} to %{customdata[1]:.3g}<extra></extra>",
    )  # fmt: skip
    if len(losses) == 1:
        return [line]
    edge = {"width": 0}
    lower = go.Scatter(x=steps, y=low, mode="lines", line=edge, hoverinfo="skip", showlegend=False, name=f"{title}, lowest")
    upper = go.Scatter(
        x=steps, y=high, mode="lines", line=edge, hoverinfo="skip", showlegend=False, name=f"{title}, highest",
        fill="tonexty", fillcolor=faint(colour),
    )  # fmt: skip
    return [lower, upper, line]
