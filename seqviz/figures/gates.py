"""Figures of gates and states: unit × position."""

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.heat import Names, heat_map, linear_levels
from seqviz.figures.look import GATE_SCALE, STATE_SCALE, figure, hue, in_turn, literal, ticked
from seqviz.figures.place import chosen, steps_of
from seqviz.language.words import number
from seqviz.records import GateTrace, Probes

STATES = ("hidden", "cell")
_SIGNED = ("hidden", "cell", "tanh", "candidate")
_TITLES = {"hidden": "hidden state", "cell": "cell state", "tanh": "tanh of the cell state", "candidate": "candidate"}


def gate_trace_figure(
    trace: GateTrace,
    name: str,
    *,
    layer: int = 0,
    direction: int = 0,
    sample: int = 0,
    text: str | None = None,
    unit: int | None = None,
) -> go.Figure:
    """Draw one gate or state of every unit at every position.

    Args:
        trace: what was recorded.
        name: "hidden", "cell", "tanh" (of the cell state), or a gate of the trace ("forget", …).
        layer: which layer.
        direction: 0 forward, 1 backward.
        sample: which sequence of the batch.
        text: the characters read, one a position; they label the axis of short inputs.
        unit: one to mark.
    """
    found = chosen(gate_values(trace, name), layer=layer, direction=direction, sample=sample)
    values = np.asarray(found[steps_of(trace.lengths, sample)], dtype=float).T
    scale = linear_levels(values, *span_of(name, values))
    axis: dict[str, object] = {}
    if text is not None and len(text) <= 80:
        axis = ticked([_visible(each) for each in text])
    height = int(min(640, max(240, 120 + 3 * len(values))))
    frame = [] if unit is None else [_frame(unit, values.shape[1])]
    return heat_map(
        values, scale, gate_finding(values, name), Names("position t", "unit", name, name), height=height, xaxis=axis,
        shapes=frame,
    )  # fmt: skip


def gate_values(trace: GateTrace, name: str) -> np.ndarray:
    """Return what the trace holds under ``name``, (layer, direction, batch, time, unit)."""
    found = {"hidden": trace.hidden, "cell": trace.cell, "tanh": trace.cell, **trace.gates}.get(name)
    if name == "tanh" and found is not None:
        return np.asarray(np.tanh(found))
    if found is None:
        raise KeyError(name)
    return found


def span_of(name: str, values: np.ndarray) -> tuple[float, float, tuple[str, ...]]:
    """Return the range and the colours in which a gate or state is drawn: 0 to 1 for gates, symmetric for states."""
    if name not in _SIGNED:
        return 0.0, 1.0, GATE_SCALE
    finite = np.abs(values[np.isfinite(values)])
    most = max(1.0, float(np.quantile(finite, 0.995))) if finite.size and name == "cell" else 1.0
    return -most, most, STATE_SCALE


def gate_finding(values: np.ndarray, name: str) -> str:
    """Return in words how open a gate is, or how large a state."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return "There is nothing to draw."
    if name in _SIGNED:
        busy = int(np.nanargmax(np.nanstd(values, axis=1)))
        return f"The {_TITLES[name]} averages {number(float(np.abs(finite).mean()))} in size; unit {busy} moves the most."
    open_share, shut_share = float((finite > 0.9).mean()), float((finite < 0.1).mean())
    return f"The {name} gate is open (> 0.9) {open_share:.0%} and shut (< 0.1) {shut_share:.0%} of the time."


def saturation_figure(record: Probes, *, layer: int = 0, direction: int = 0) -> go.Figure:
    """Draw each gate's share of shut and open values over training.

    Source:
        Karpathy, Johnson & Fei-Fei (2015), section 4.2, https://arxiv.org/abs/1506.02078
    """
    traces = []
    for index, gate in enumerate(record.gate_means):
        colour = in_turn(index)
        for label, shares, dash in (
            ("open > 0.9", record.right_saturated, "solid"),
            ("shut < 0.1", record.left_saturated, "dot"),
        ):
            traces.append(
                go.Scatter(
                    x=record.step, y=shares[gate][:, layer, direction], name=f"{gate} {label}", mode="lines+markers",
                    line={"color": colour, "dash": dash}, marker={"size": 5, "color": colour},
                    hovertemplate="%{fullData.name}<br>step %{x}: %{y:.1%}<extra></extra>",
                )
            )  # fmt: skip
    finding = "Share of gate values that are nearly open or nearly shut." if traces else "This network has no gates."
    return figure(
        traces, finding, x="training step", y="share of values", height=300, empty=not traces, yaxis={"range": [0, 1]}
    )


def _frame(unit: int, length: int) -> dict[str, object]:
    line = {"color": hue("chosen"), "width": 2}
    return {"type": "rect", "x0": -0.5, "x1": length - 0.5, "y0": unit - 0.5, "y1": unit + 0.5, "line": line}


def _visible(character: str) -> str:
    return {" ": "␣", "\n": "⏎", "\t": "⇥"}.get(character, literal(character))
