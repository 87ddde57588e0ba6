"""Learning curves side by side, smoothed to be distinguishable, and which run gets where first."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import figure, hue
from seqviz.records import Metrics
from seqviz.records.learning import WINDOW


def learning_figure(runs: Mapping[str, Metrics], *, counted: str, roles: Sequence[str]) -> go.Figure:
    """Draw the task metric of several runs in percent, each point the mean of 50 steps' batches.

    Args:
        runs: what was recorded, by label as a sentence writes it ("read forwards").
        counted: what the metric says which share of is right ("words").
        roles: of the colours, label by label.
    """
    traces = []
    for index, (label, run) in enumerate(runs.items()):
        steps, means = smoothed(run)
        traces.append(
            go.Scatter(
                x=steps, y=means, name=label, mode="lines", line={"color": hue(roles[index % len(roles)]), "width": 2.5},
                hovertemplate="%{fullData.name}<br>steps up to %{x}: %{y:.1f} %<extra></extra>",
            )
        )  # fmt: skip
    return figure(
        traces,
        learning_finding(runs, counted),
        x=f"training step, means of {WINDOW}",
        y=f"{counted} right (%)",
        empty=not traces,
    )


def smoothed(run: Metrics) -> tuple[np.ndarray, np.ndarray]:
    """Return the last step of each 50, and the mean metric of these in percent; fewer steps at the end are left out."""
    whole = len(run.step) // WINDOW * WINDOW
    return run.step[:whole].reshape(-1, WINDOW)[:, -1], 100 * run.metric[:whole].reshape(-1, WINDOW).astype(float).mean(axis=1)


def learning_finding(runs: Mapping[str, Metrics], counted: str) -> str:
    """Return in words where the best and the worst end, and when the best was where the worst ended."""
    ends = {label: smoothed(run)[1][-1] for label, run in runs.items() if len(run.step) >= WINDOW}
    if not ends:
        return "There are too few steps to draw a curve."
    best, worst = max(ends, key=ends.__getitem__), min(ends, key=ends.__getitem__)
    if len(ends) == 1:
        return f"{best.capitalize()}, {ends[best]:.0f} % of the {counted} are right in the end."
    steps, means = smoothed(runs[best])
    reached = int(steps[np.flatnonzero(means >= ends[worst])[0]])
    last = int(runs[worst].step[-1])
    said = f"{best.capitalize()}, {ends[best]:.0f} % of the {counted} are right in the end; {worst}, {ends[worst]:.0f} %"
    return f"{said}, which the other had by step {reached:,} of {last:,}."
