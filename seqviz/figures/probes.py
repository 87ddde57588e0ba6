"""Figures of what a run's probes find, one moment of training or all: the gradient by time step, gates, and what it writes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.heat import Names, heat_map, ratio_levels
from seqviz.figures.look import DASHES, GATE_SCALE, Labelled, colour_of, dotted, figure, hue, lines, log_axis, marks
from seqviz.figures.metrics import after, level
from seqviz.language.words import became, listed, number
from seqviz.records import EXACT_OF, Probes

HARDLY = 1.5  # a change by less than this factor
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
        marker={"symbol": "diamond", "size": 9, "color": hue("mean gate"), "line": {"width": 1, "color": hue("outline")}},
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
    """Return the training step of the runs; where they differ, each run's beside its name."""
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


def exact_figure(
    runs: Mapping[str, Probes], *, at: int | None = None, colours: Mapping[str, str] | None = None,
    dashes: Mapping[str, str] | None = None,
) -> go.Figure:  # fmt: skip
    """Draw the share of held-out sentences written without a mistake at every probe, several runs together.

    Args:
        runs: the probes of each run by label; those that write nothing are left out.
        at: the training step that the title speaks of; None: the last.
        colours: of each run, by label.
        dashes: of runs, by label.
    """
    colours, dashes = colours or {}, dashes or {}
    writing = {label: record for label, record in runs.items() if record.exact is not None}
    traces = [
        go.Scatter(
            x=record.step, y=record.exact, name=label, mode="lines+markers", marker={"size": 5},
            line={"color": colours.get(label, colour_of(label, index)), "width": 2.5, "dash": dashes.get(label)},
            hovertemplate="%{fullData.name}<br>step %{x}: %{y:.1%} exactly right<extra></extra>",
        )
        for index, (label, record) in enumerate(writing.items())
    ]  # fmt: skip
    drawn = figure(
        traces, exact_finding(writing, at), x="training step", y="share exactly right",
        height=300, empty=not traces, yaxis={"range": [-0.03, 1.03], "tickformat": ".0%"},
    )  # fmt: skip
    if at is not None:
        drawn.add_vline(x=at, line=dotted())
    return drawn


def exact_finding(runs: Mapping[str, Probes], at: int | None = None) -> str:
    """Return in words how many sentences each run writes without a mistake, at its last probe at or before step ``at``."""
    if not runs:
        return "No moment has been looked into yet at which sentences were written."
    steps = {_probed_step(record, at) for record in runs.values()}
    together = f" at training step {steps.pop()}" if len(steps) == 1 else ""
    parts = [
        f"{shares(record, at)} by the {label}" + ("" if together else f" (training step {_probed_step(record, at)})")
        for label, record in runs.items()
    ]
    return f"Of {EXACT_OF} sentences drawn from those never seen in training, exactly right{together}: {listed(parts)}."


def shares(record: Probes, at: int | None = None) -> str:
    """Return the share of exact sentences in per cent, as one says it.

    >>> import numpy as np
    >>> zeros = np.zeros((1, 1, 1, 1))
    >>> shares(Probes(step=np.array([5]), hidden_norms=zeros, cell_norms=None, direct_norms=zeros, exact=np.array([0.9609375])))
    '96 %'
    """
    assert record.exact is not None, "it writes nothing"
    return f"{100 * float(record.exact[probe_at(record, at)]):.0f} %"


def _probed_step(record: Probes, at: int | None) -> str:
    return f"{int(record.step[probe_at(record, at)]):,}"


def probes_figure(record: Probes, *, layer: int = -1, direction: int = 0, at: int | None = None) -> go.Figure:
    """Draw the gradient's flow through training: training step × time step, relative to the last time step processed.

    Args:
        record: the probes of a run.
        layer: which layer; the last by default.
        direction: 0 forward, 1 backward.
        at: a training step to mark; the title speaks of the last probe at or before it. None: of the last of all.
    """
    norms = np.asarray(record.hidden_norms[:, layer, direction], dtype=float)
    own = norms[:, -1:] if direction == 0 else norms[:, :1]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = norms / own
    names = Names("time step t", "training step", "‖∂L/∂h_t‖", "÷ last step")
    seen = probe_at(record, at) + 1  # the finding speaks of the moment shown
    drawn = heat_map(
        ratios,
        ratio_levels(ratios),
        probes_finding(record.step[:seen], ratios[:seen], direction),
        names,
        exact=norms,
        y=record.step,
    )
    if at is not None and norms.size:
        drawn.add_hline(y=at, line=dotted())
    return drawn


def probes_finding(steps: np.ndarray, ratios: np.ndarray, direction: int = 0) -> str:
    """Return in words how much of the gradient reaches the first time step before training and at the last of ``steps``."""
    if not ratios.size:
        return "No moment of training has been looked into yet."
    reach = ratios[:, 0] if direction == 0 else ratios[:, -1]
    now = f"{after(int(steps[-1]))} {_reach(float(reach[-1]), direction)}"
    if len(steps) > 1:
        now = f"{_moved(float(reach[0]), float(reach[-1]))}{now}, at step {int(steps[0])} it was {level(float(reach[0]))}"
    return f"{now[0].upper()}{now[1:]}."


def _moved(before: float, now: float) -> str:
    if np.isnan(before) or np.isnan(now):
        return ""
    if before == now:
        return "training does not move the reach: "
    hardly = 1 / HARDLY <= (now / before if before else np.inf) <= HARDLY
    return f"training {'hardly moves' if hardly else 'moves'} the reach: "


def _reach(share: float, direction: int) -> str:
    far, near = ("first", "last") if direction == 0 else ("last", "first")
    if np.isnan(share):
        return f"the {far} time step's share of the {near} one's gradient is not a number (NaN)"
    return f"the {far} time step gets {number(share)} of the {near} one's gradient"
