"""Figures of one moment of training: the gradient by time step, and how open the gates are."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import DASHES, GATE_SCALE, ROLES, Labelled, colour_of, figure, lines, log_axis, marks
from seqviz.language.words import became, listed, number
from seqviz.records import Probes

_ORDER = ("input", "forget", "output", "reset", "update")
_SHARES = (("shut, below 0.1", GATE_SCALE[1]), ("in between", "rgba(128,128,128,0.25)"), ("open, above 0.9", GATE_SCALE[4]))


def probe_at(record: Probes, at: int | None) -> int:
    """Return the number of the last probe at or before training step ``at`` (None: the last); the first if all are later."""
    if at is None:
        return len(record.step) - 1
    return max(0, int(np.searchsorted(record.step, at, side="right")) - 1)


def moment_flow_figure(
    runs: Mapping[str, Probes], *, at: int | None = None, layer: int = -1, direction: int = 0, dashes: Sequence[str] = ()
) -> go.Figure:
    """Draw how much gradient reaches each time step at one moment of training, several runs together.

    Args:
        runs: the probes of each run by label ("rnn", "lstm", "gru" have their own colours).
        at: the training step meant; each run's last probe at or before it is drawn. None: the last of all.
        layer: which layer; the last by default. A run with fewer shows its last.
        direction: 0 forward, 1 backward; a run that reads one way shows that one.
        dashes: a dash for each run, solid by default.
    """
    curves = [(label, *_flow(record, at, layer, direction)) for label, record in runs.items()]
    traces: list[Any] = [
        lines(label, x, y, colour=colour_of(label.split()[0], index), dash=dashes[index] if dashes else DASHES["hidden"])
        for index, (label, x, y) in enumerate(curves)
    ]
    return figure(
        [*traces, *marks(curves)], _flow_finding(runs, curves, at, direction), x="time step t", y="‖∂L/∂h_t‖ (L2)", height=300,
        empty=not curves, yaxis=log_axis([y for _, _, y in curves]),
    )  # fmt: skip


def moment_gates_figure(runs: Mapping[str, Probes], *, at: int | None = None, layer: int = -1, direction: int = 0) -> go.Figure:
    """Draw each gate's mean, and its share of shut and open values, at one moment of training.

    Args:
        runs: the probes of each run by label; runs without gates are left out.
        at: the training step meant; each run's last probe at or before it is drawn. None: the last of all.
        layer: which layer; the last by default. A run with fewer shows its last.
        direction: 0 forward, 1 backward; a run that reads one way shows that one.

    Source:
        Karpathy, Johnson & Fei-Fei (2015), section 4.2, https://arxiv.org/abs/1506.02078
    """
    rows = [
        (f"{label}: {gate}", *_gate(record, gate, (probe_at(record, at), _layer(record, layer), _direction(record, direction))))
        for label, record in runs.items()
        for gate in _gates(record)
    ]
    names = [name for name, *_ in reversed(rows)]  # bars are stacked upwards
    shut, opened, mean = (np.array([row[column] for row in reversed(rows)]) for column in (1, 2, 3))
    shares = (shut, 1.0 - shut - opened, opened)
    bars = [
        go.Bar(
            y=names, x=share, name=name, orientation="h", marker_color=colour,
            hovertemplate="%{y}<br>" + name + ": %{x:.1%}<extra></extra>",
        )
        for (name, colour), share in zip(_SHARES, shares, strict=True)
    ]  # fmt: skip
    dots = go.Scatter(
        y=names, x=mean, name="mean", mode="markers", hovertemplate="%{y}<br>mean %{x:.3f}<extra></extra>",
        marker={"symbol": "diamond", "size": 9, "color": ROLES["threshold"], "line": {"width": 1, "color": ROLES["bound"]}},
    )  # fmt: skip
    return figure(
        [*bars, dots] if rows else [], _gates_finding(rows, runs, at), x="share of the gate's values, and their mean", y="",
        height=max(220, 90 + 30 * len(rows)), empty=not rows, barmode="stack", xaxis={"range": [0, 1]},
        margin={"l": 110, "r": 16, "t": 36, "b": 52},
    )  # fmt: skip


def _flow(record: Probes, at: int | None, layer: int, direction: int) -> tuple[np.ndarray, np.ndarray]:
    where = probe_at(record, at), _layer(record, layer), _direction(record, direction)
    norms = np.asarray(record.hidden_norms[where], dtype=float)
    return np.arange(len(norms)), norms


def _layer(record: Probes, layer: int) -> int:
    return min(layer, int(record.hidden_norms.shape[1]) - 1)


def _direction(record: Probes, direction: int) -> int:
    return min(direction, int(record.hidden_norms.shape[2]) - 1)


def _gates(record: Probes) -> list[str]:
    return [gate for gate in _ORDER if gate in record.gate_means]


def _gate(record: Probes, gate: str, where: tuple[int, int, int]) -> tuple[float, float, float]:
    tables = record.left_saturated, record.right_saturated, record.gate_means
    shut, opened, mean = (float(table[gate][where]) for table in tables)
    return shut, opened, mean


def _flow_finding(runs: Mapping[str, Probes], curves: Sequence[Labelled], at: int | None, direction: int) -> str:
    if not curves:
        return "No moment of training has been looked into yet."
    apart = len(set(_steps(runs, at).values())) > 1
    when = {label: f" {_age(step)}" if apart else "" for label, step in _steps(runs, at).items()}
    backward = all(_direction(record, direction) for record in runs.values())
    near, far = (0, -1) if backward else (-1, 0)
    parts = [f"{became(y, near, far, 'float32')} in the {label}{when[label]}" for label, _, y in curves]  # as it was trained
    way = "from the first time step on to the last" if backward else "from the last time step back to the first"
    said = f"{way} the gradient {listed(parts)}."
    return f"{said[0].upper()}{said[1:]}" if apart else f"{_when(runs, at)}, {said}"


def _gates_finding(rows: Sequence[tuple[str, float, float, float]], runs: Mapping[str, Probes], at: int | None) -> str:
    if not rows:
        return "None of these networks has gates."
    runs = {label: record for label, record in runs.items() if _gates(record)}
    kinds = (("open", "above 0.9", 2), ("shut", "below 0.1", 1))
    share, name, kind, where = max((float(row[column]), row[0], kind, where) for row in rows for kind, where, column in kinds)
    if share < 0.005:
        if share == 0:
            return f"{_when(runs, at)}, no gate is ever nearly open or nearly shut: all values are between 0.1 and 0.9."
        return f"{_when(runs, at)}, fewer than 1 in 200 of any gate's values are nearly open or nearly shut."
    return f"{_when(runs, at)}, {name} is {kind} the most: {number(100 * share)} % of its values are {where}."


def _when(runs: Mapping[str, Probes], at: int | None) -> str:
    """Return the training step that the runs stand at; where they differ, each run's beside its name."""
    steps = _steps(runs, at)
    if len(set(steps.values())) > 1:
        return f"In {listed([f'the {label} {_age(step)}' for label, step in steps.items()])}"
    said = _age(next(iter(steps.values())))
    return f"{said[0].upper()}{said[1:]}"


def _steps(runs: Mapping[str, Probes], at: int | None) -> dict[str, int]:
    return {label: int(record.step[probe_at(record, at)]) for label, record in runs.items()}


def _age(step: int) -> str:
    if step == 0:
        return "before training"
    return "after the first training step" if step == 1 else f"after {step} training steps"
