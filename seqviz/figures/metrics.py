"""Figures of what a run records at every training step."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import colour_of, dotted, figure, hue, lines, literal, log_axis, marks, name_of, reference
from seqviz.language.words import listed, number, setting
from seqviz.records import Metrics

_COLUMN_TITLES = {
    "loss": "loss", "metric": "task metric", "gradient_norm": "gradient norm before clipping (L2)",
    "applied_norm": "gradient norm after clipping (L2)",
}  # fmt: skip
MOST_POINTS = 1500  # of one curve; longer ones are thinned, extremes kept
UNTRAINED = "This is before the first training step, with the weights that the seed draws."


def metrics_figure(
    runs: Metrics | Mapping[str, Metrics], column: str = "loss", *, threshold: float | None = None,
    reference_value: tuple[str, float] | None = None, title: str | None = None, at: int | None = None,
) -> go.Figure:  # fmt: skip
    """Draw one column of what runs recorded, several runs together.

    Args:
        runs: one run's metrics, or several by label ("rnn", "lstm", "gru" have their own colours).
        column: "loss", "metric", "gradient_norm" or "applied_norm".
        threshold: where gradients are clipped, drawn as a line across a gradient norm.
        reference_value: a labelled value to compare with, such as the best loss without memory.
        title: what the vertical axis is called.
        at: a training step to mark.
    """
    known = runs if isinstance(runs, Mapping) else {"": runs}
    named = {name_of(label): run for label, run in known.items()}
    logged = column in ("loss", "gradient_norm", "applied_norm")
    curves = [
        (label or column, *_thinned(run.step, np.asarray(getattr(run, column), dtype=float))) for label, run in named.items()
    ]
    traces: list[Any] = [_curve(label, x, y, index, logged) for index, (label, x, y) in enumerate(curves)]
    span = [0.0, float(max([x[-1] for _, x, _ in curves if len(x)], default=1))]
    levels = [reference_value] if reference_value else []
    if threshold is not None:
        traces.append(reference(f"clipped above {setting(threshold)}", span, threshold, role="threshold"))
    traces += [reference(label, span, value) for label, value in levels]
    held = [*(y for _, _, y in curves), np.array([value for _, value in levels] + [threshold or np.nan])]
    name = title or _COLUMN_TITLES[column]
    drawn = figure(
        [*traces, *(marks(curves) if logged else _gaps(curves))], metrics_finding(named, column, name),
        x="training step", y=name,
        height=300, empty=not any(len(x) for _, x, _ in curves), yaxis=log_axis(held) if logged else {},
    )  # fmt: skip
    if at is not None:
        drawn.add_vline(x=at, line=dotted())
    return drawn


def metrics_finding(runs: Mapping[str, Metrics], column: str, name: str) -> str:
    """Return each run's newest value of the column (mean of the last twentieth), in words."""
    begun = {label: run for label, run in runs.items() if len(run.step)}
    if not begun:
        return UNTRAINED
    ends = {int(run.step[-1]) for run in begun.values()}
    together = f" {after(ends.pop())}" if len(ends) == 1 else ""
    parts = []
    for label, run in begun.items():
        tail = level(newest(np.asarray(getattr(run, column), dtype=float)))
        parts.append(f"{label} {tail}".strip() + ("" if together else f" {after(int(run.step[-1]))}"))
    return f"{name[0].upper()}{name[1:]}{together}: {listed(parts)}."


def newest(values: np.ndarray) -> float:
    """Return the newest value of a column that a run recorded: the mean of its last twentieth."""
    return float(values[-max(1, len(values) // 20) :].mean())


def level(value: float) -> str:
    """Return a recorded value in words; a NaN by both of its names."""
    return "not a number (NaN)" if np.isnan(value) else number(value)


def after(step: int) -> str:
    """Return when something was: after so many training steps."""
    if step == 0:
        return "before training"
    return "after 1 step" if step == 1 else f"after {step:,} steps"


def _thinned(steps: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keep each stretch's smallest and largest value (and every value that is not finite), so that no spike is lost."""
    if len(values) <= MOST_POINTS:
        return steps, values
    keep = {0, len(values) - 1, *np.flatnonzero(~np.isfinite(values))[:MOST_POINTS].tolist()}
    for part in np.array_split(np.arange(len(values)), MOST_POINTS // 2):
        finite = part[np.isfinite(values[part])]
        if finite.size:
            keep |= {int(finite[values[finite].argmin()]), int(finite[values[finite].argmax()])}
    chosen = np.array(sorted(keep))
    return steps[chosen], values[chosen]


def _curve(label: str, x: np.ndarray, y: np.ndarray, index: int, logged: bool) -> go.Scatter:
    colour = colour_of(label.split()[0], index)
    if logged:
        return lines(label, x, y, colour=colour)
    return go.Scatter(
        x=x, y=y, name=label, mode="lines", line={"color": colour, "width": 2.5},
        hovertemplate="%{fullData.name}<br>step %{x}: %{y:.4g}<extra></extra>",
    )  # fmt: skip


def _gaps(curves: list[tuple[str, np.ndarray, np.ndarray]]) -> list[go.Scatter]:
    found = [(x[at], label) for label, x, y in curves for at in np.flatnonzero(~np.isfinite(y))]
    if not found:
        return []
    return [
        go.Scatter(
            x=[x for x, _ in found], y=np.zeros(len(found)), mode="markers", name="not finite",
            meta={"mark": "not finite", "labels": [[label] for _, label in found]},
            customdata=[literal(label) for _, label in found], hovertemplate="%{x}: %{customdata}<extra></extra>",
            marker={"symbol": "x-thin-open", "size": 8, "color": hue("mark")},
        )
    ]  # fmt: skip
