"""Figures of clipping: the gradient before and after, how far it was turned, and what became of a run that diverged."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import figure, hue, lines, log_axis, marks, reference
from seqviz.figures.metrics import newest
from seqviz.language.words import number, percent, raised, setting
from seqviz.records import Metrics

BEFORE, AFTER = "before clipping", "after clipping"
STRAIGHT = 0.01  # degrees: a turn below this is rounding
WAYS: Mapping[str, str] = {"off": "without clipping", "norm": "by norm", "value": "by value"}
WAY_ROLES: Mapping[str, str] = {"off": "not clipped", "norm": "clipped by norm", "value": "clipped by value"}
RECOVERY_ROLES: Mapping[str, str] = {"off": "diverged", "child": "gone on"}  # the one that goes on


def clipped_norms_figure(record: Metrics, way: str, threshold: float) -> go.Figure:
    """Draw the gradient's norm at every step, before and after clipping.

    Args:
        record: what a run recorded.
        way: "off", "norm" or "value".
        threshold: above which it was clipped; by value, of each number, so it is no line here.
    """
    before, after = (np.asarray(each, dtype=float) for each in (record.gradient_norm, record.applied_norm))
    curves = [(BEFORE, record.step, before)]
    traces: list[Any] = [lines(BEFORE, record.step, before, colour=hue("before clipping"), **_step_hover())]
    if way != "off":
        curves.append((AFTER, record.step, after))
        traces.append(lines(AFTER, record.step, after, colour=hue(WAY_ROLES[way]), **_step_hover()))
    held = [y for _, _, y in curves]
    if way == "norm" and len(record.step):
        traces.append(reference(f"threshold {setting(threshold)}", [0, int(record.step[-1])], threshold, role="threshold"))
        held.append(np.array([threshold]))
    return figure(
        [*traces, *marks(curves)], clipped_norms_finding(record, way), x="training step", y="gradient norm (L2)",
        height=300, empty=not len(record.step), yaxis=log_axis(held),
    )  # fmt: skip


def clipped_norms_finding(record: Metrics, way: str) -> str:
    """Return in words how often the gradient was clipped, and what became of the largest."""
    count = len(record.step)
    if not count:
        return "No step has been trained yet."
    largest = int(np.argmax(record.gradient_norm))
    before, after = float(record.gradient_norm[largest]), float(record.applied_norm[largest])
    if way == "off":
        return f"Without clipping: the largest of {_steps(count)} had a gradient of norm {number(before)}, applied as it was."
    clipped, said = int(record.clipped.sum()), f"Clipped {WAYS[way]}: "
    if not clipped:
        return f"{said}none of {_steps(count)}; the largest gradient has norm {number(before)}."
    share = f"{clipped:,} of {_steps(count)} ({percent(clipped / count)})"
    return f"{said}{share}; the largest gradient, of norm {number(before)}, was cut to {number(after)}."


def turn_figure(runs: Mapping[str, Metrics]) -> go.Figure:
    """Draw the angle between the gradient before and after clipping at every step, run by run.

    Args:
        runs: what was recorded, by the way it was clipped; runs without recorded angles are left out.
    """
    traces = [
        go.Scatter(
            x=run.step, y=turns(run), name=WAYS[way], mode="markers" if way == "value" else "lines",
            line={"color": hue(WAY_ROLES[way]), "width": 3}, marker={"color": hue(WAY_ROLES[way]), "size": 4},
            hovertemplate="%{fullData.name}<br>step %{x}: %{y:.3g}°<extra></extra>",
        )
        for way, run in runs.items()
        if run.cosine is not None and len(run.step)
    ]  # fmt: skip
    return figure(
        traces, turn_finding(runs), x="training step", y="turned by (degrees)", height=300, empty=not traces,
        yaxis={"rangemode": "tozero"},
    )  # fmt: skip


def turns(record: Metrics) -> np.ndarray:
    """Return by how many degrees clipping turned the gradient, step by step; NaN where nothing was recorded."""
    if record.cosine is None:
        return np.full(len(record.step), np.nan)
    return np.asarray(np.degrees(np.arccos(np.clip(record.cosine, -1.0, 1.0))))


def turn_finding(runs: Mapping[str, Metrics]) -> str:
    """Return in words how far each way to clip turned the gradient, over the steps that it changed."""
    said = []
    for way, run in runs.items():
        angles = turns(run)[run.clipped]
        angles = angles[np.isfinite(angles)]
        if not angles.size:
            continue
        if angles.max() < STRAIGHT:
            which = "the one step that was" if len(angles) == 1 else f"every one of {_steps(len(angles))} that were"
            said.append(f"{WAYS[way]} the direction stays at {which} clipped")
        else:
            middle = number(float(np.median(angles)))
            said.append(f"{WAYS[way]} it turns, by up to {number(float(angles.max()))}° (median {middle}°)")
    return f"{raised('; '.join(said))}." if said else "Nothing was clipped, so nothing was turned."


def recovery_figure(
    diverged: Metrics, good: int | None, child: Metrics | None = None, *, ended: str = "", child_ended: str = ""
) -> go.Figure:
    """Draw the gradient's norm of a run that diverged, and that of the run which goes on from its last good step.

    Args:
        diverged: what it recorded.
        good: the step that is gone on from; None where the run did not diverge.
        child: what the run with clipping on has recorded by now, if there is one.
        ended: where and why it stopped ("step 25: the loss is infinite"); empty where it did not diverge.
        child_ended: the same of the run that goes on.
    """
    curves = [("without clipping", diverged.step, np.asarray(diverged.gradient_norm, dtype=float))]
    roles = [RECOVERY_ROLES["off"]]
    if child is not None and len(child.step):
        curves += [
            ("with clipping on: before", child.step, np.asarray(child.gradient_norm, dtype=float)),
            ("with clipping on: after", child.step, np.asarray(child.applied_norm, dtype=float)),
        ]
        roles += ["before clipping", RECOVERY_ROLES["child"]]
    traces: list[Any] = [
        lines(name, x, y, colour=hue(role), **_step_hover()) for (name, x, y), role in zip(curves, roles, strict=True)
    ]
    drawn = figure(
        [*traces, *marks(curves)], recovery_finding(diverged, good, child, (ended, child_ended)), x="training step",
        y="gradient norm (L2)", empty=not len(diverged.step), yaxis=log_axis([y for _, _, y in curves]),
    )  # fmt: skip
    if good is not None:
        drawn.add_vline(x=good, line={"color": hue("last good step"), "width": 1.5, "dash": "dash"})
    return drawn


def recovery_finding(diverged: Metrics, good: int | None, child: Metrics | None, ended: tuple[str, str]) -> str:
    """Return in words how the norm grew, where and why the run stopped, and what became of the one that goes on."""
    if not len(diverged.step):
        return (
            f"It stopped at {ended[0]}. There is no good step to go on from." if ended[0] else "No step has been trained yet."
        )
    norms = np.asarray(diverged.gradient_norm, dtype=float)
    peak, at = number(float(norms.max())), int(diverged.step[int(norms.argmax())])
    if good is None:
        return (
            f"Without clipping it did not diverge in {_steps(len(norms))}; its largest gradient has norm {peak}, at step {at}."
        )
    grown = f"Its gradient's norm grew from {number(float(norms[0]))} to {peak} at step {at}; it stopped at {ended[0]}"
    if child is None or not len(child.step):
        return f"{grown}. Step {good} was its last good one."
    if ended[1]:
        return f"{grown}. From step {good}, with clipping on, it stopped again at {ended[1]}."
    loss = number(newest(np.asarray(child.loss, dtype=float)))
    return f"{grown}. From step {good}, with clipping on, it went on to step {int(child.step[-1]):,}: its loss is {loss}."


def _step_hover() -> dict[str, Any]:
    return {"hovertemplate": "%{fullData.name}<br>step %{x}: %{y:.4g}<extra></extra>"}


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count:,} steps"
