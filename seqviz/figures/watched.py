"""Figures of a training loop that was watched: one axis counts its steps."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.heat import Names, heat_map, ratio_levels
from seqviz.figures.look import figure, hue, in_turn, lines, log_axis, marks
from seqviz.language.words import change, changes, listed, number, percent
from seqviz.measures.reach import each_sequence, reach
from seqviz.records import GradientFlow, WatchedRun, WatchedStep

NOTHING_YET = "No step has been watched yet."
SHORTENED = 1.001  # times its norm afterwards: a gradient that was so much longer has been clipped
GATE_ROLES = ("input", "forget", "output", "reset", "update")


def watched_map_figure(run: WatchedRun, name: str, *, layer: int = -1, direction: int = 0) -> go.Figure:
    """Draw, for every watched training step (row), how much of the gradient is left at each time step (column).

    Each sequence is compared with itself, at the last step processed that its loss depends on; of several it is the median.

    Args:
        run: what was seen.
        name: of the recurrent layer or cell in the model.
        layer: of a stack of layers; the last by default.
        direction: 0 forward, 1 backward.
    """
    steps, names = _having(run, name), Names("time step t", "training step", "gradient, share left", "÷ last step")
    if not steps:
        return figure([], NOTHING_YET, x=names.x, y=names.y, empty=True)
    rows = [_shares_left(step.layers[name].flow, layer, direction) for step in steps]
    longest = max(len(row) for row in rows)
    ratios = np.stack([np.pad(row, (0, longest - len(row)), constant_values=np.nan) for row in rows])
    exact = np.where(np.isnan(ratios), 0.0, ratios)  # after the end of every sequence a cell is blank, not marked
    finding = _map_finding(steps, name, layer, direction)
    return heat_map(ratios, ratio_levels(ratios), finding, names, exact=exact, y=np.array([step.step for step in steps]))


def _having(run: WatchedRun, name: str) -> list[WatchedStep]:
    return [step for step in run.steps if name in step.layers]


def _shares_left(flow: GradientFlow, layer: int, direction: int) -> np.ndarray:
    """Return how much of the gradient is left at each time step: the median of the sequences that have not ended."""
    shares = np.full(flow.hidden_norms.shape[2:], np.nan)
    for row, sizes in zip(shares, each_sequence(flow, layer, direction), strict=True):
        felt = np.flatnonzero(sizes)
        if felt.size:
            with np.errstate(divide="ignore", invalid="ignore"):
                row[: len(sizes)] = sizes / sizes[felt[-1] if direction == 0 else felt[0]]
    known = ~np.isnan(shares)
    return np.array([np.median(column[has]) if has.any() else np.nan for column, has in zip(shares.T, known.T, strict=True)])


def _map_finding(steps: Sequence[WatchedStep], name: str, layer: int, direction: int) -> str:
    found = [(step.step, reach(step.layers[name].flow, layer, direction)) for step in steps]
    known = [(step, share) for step, share in found if not np.isnan(share)]
    if not known:
        return "In no watched step does a gradient have a way to travel through time here."
    (first, begin), (last, end) = known[0], known[-1]
    way = "On its way to the first time step" if direction == 0 else "On its way to the last time step, read first,"
    if first == last:
        return f"{way} the gradient {change(begin)}, at training step {first:,}."
    told = changes([(f" at training step {first:,}", change(begin)), (f" at step {last:,}", change(end))])
    return f"{way} the gradient {told}."


def watched_reach_figure(runs: Mapping[str, WatchedRun], name: str, *, layer: int = -1, direction: int = 0) -> go.Figure:
    """Draw by training step how much of the gradient is left at the first time step, several runs together.

    Args:
        runs: what was seen, by the name of each run.
        name: of the recurrent layer or cell in the models.
        layer: of a stack of layers; the last by default.
        direction: 0 forward, 1 backward.
    """
    curves = []
    for label, run in runs.items():
        steps = [step for step in _having(run, name) if _has(step.layers[name].flow, layer, direction)]
        shares = [reach(step.layers[name].flow, layer, direction) for step in steps]
        curves.append((label, np.array([step.step for step in steps]), np.array(shares)))
    traces = [lines(label, x, y, colour=in_turn(index)) for index, (label, x, y) in enumerate(curves)]
    ends = [(label, float(y[-1])) for label, _, y in curves if len(y) and not np.isnan(y[-1])]
    told = listed([f"{number(share)} in {label}" for label, share in ends]) if ends else ""
    finding = f"Of the gradient, this share reaches the first time step in the end: {told}." if told else NOTHING_YET
    held = [y for _, _, y in curves]
    return figure(
        [*traces, *marks(curves)], finding, x="training step", y="share left at the first time step", empty=not ends,
        height=300, yaxis=log_axis(held),
    )  # fmt: skip


def _has(flow: GradientFlow, layer: int, direction: int) -> bool:
    layers, directions = flow.hidden_norms.shape[:2]
    return bool(-1 <= layer < layers and direction < directions)


def watched_norms_figure(run: WatchedRun) -> go.Figure:
    """Draw the norm of the whole gradient at every watched step, before and after it was clipped."""
    x = np.array([step.step for step in run.steps])
    after = np.array([step.norm_after for step in run.steps])
    before = np.array([np.nan if step.norm_before is None else step.norm_before for step in run.steps])
    curves = [("after clipping", x, after)]
    if any(step.norm_before is not None for step in run.steps):
        known = np.array([step.norm_before is not None for step in run.steps])
        curves.insert(0, ("before clipping", x[known], before[known]))
    traces = [lines(label, at, y, colour=hue(label)) for label, at, y in curves]
    return figure(
        [*traces, *marks(curves)], _norms_finding(run), x="training step", y="gradient norm (L2)", empty=not len(x),
        height=300, yaxis=log_axis([y for _, _, y in curves]),
    )  # fmt: skip


def _norms_finding(run: WatchedRun) -> str:
    if not run.steps:
        return NOTHING_YET
    broken = next((step for step in run.steps if step.not_finite), None)
    if broken is not None:
        return f"At step {broken.step:,} the gradient of {broken.not_finite} is not finite: the training has diverged there."
    known = [(step.norm_before, step) for step in run.steps if step.norm_before is not None]
    if not known:
        return f"The gradient's norm ends at {number(run.steps[-1].norm_after)}; what it was before clipping is not known here."
    clipped = [(before, step) for before, step in known if before > SHORTENED * step.norm_after]
    if not clipped:
        return f"Nothing was clipped; the gradient's norm ends at {number(run.steps[-1].norm_after)}."
    before, most = max(clipped, key=lambda one: one[0] / one[1].norm_after)
    return (
        f"Clipping shortened the gradient at {len(clipped)} of {len(known)} watched steps, most at step {most.step:,}: "
        f"from {number(before)} to {number(most.norm_after)}."
    )


def watched_gates_figure(run: WatchedRun, name: str, *, layer: int = -1, direction: int = 0) -> go.Figure:
    """Draw by training step which share of each gate's values is nearly open (above 0.9) and nearly shut (below 0.1)."""
    steps = _having(run, name)
    x, curves = np.array([step.step for step in steps]), []
    for gate in GATE_ROLES:
        for field, words, dash in (("right_saturated", "above 0.9", "solid"), ("left_saturated", "below 0.1", "dot")):
            tables = [getattr(step.layers[name], field) for step in steps]
            if tables and gate in tables[0]:
                shares = np.array([float(table[gate][layer, direction]) for table in tables])
                curves.append((gate, words, dash, shares))
    traces = [
        go.Scatter(
            x=x, y=shares, name=f"{gate} gate {words}", mode="lines+markers" if len(x) < 2 else "lines",
            line={"color": hue(f"{gate} gate"), "dash": dash, "width": 2.5},
            hovertemplate="%{fullData.name}<br>step %{x}: %{y:.1%}<extra></extra>",
        )
        for gate, words, dash, shares in curves
    ]  # fmt: skip
    return figure(
        traces, _gates_finding(steps, [(gate, words, shares) for gate, words, _, shares in curves]), x="training step",
        y="share of values", empty=not traces, height=300, yaxis={"range": [-0.03, 1.03], "tickformat": ".0%"},
    )  # fmt: skip


def _gates_finding(steps: Sequence[WatchedStep], curves: Sequence[tuple[str, str, np.ndarray]]) -> str:
    if not steps:
        return NOTHING_YET
    if not curves:
        return "A plain RNN has no gates."
    gate, words, shares = max(curves, key=lambda one: abs(one[2][-1] - one[2][0]) if len(steps) > 1 else one[2][0])
    told = f"The {gate} gate is {words} in {percent(float(shares[0]))} of its values at step {steps[0].step:,}"
    return f"{told}." if len(steps) == 1 else f"{told} and in {percent(float(shares[-1]))} at step {steps[-1].step:,}."


def watched_attention_figure(run: WatchedRun) -> go.Figure:
    """Draw by training step how widely each attention layer looks: the entropy of its weights, mean over heads."""
    names = list(dict.fromkeys(name for step in run.steps for name in step.entropies))
    curves = []
    for name in names:
        having = [step for step in run.steps if name in step.entropies]
        means = np.array([float(np.mean(step.entropies[name])) for step in having])
        curves.append((name, np.array([step.step for step in having]), means))
    traces = [
        go.Scatter(
            x=x, y=y, name=name, mode="lines+markers" if len(x) < 2 else "lines", line={"color": in_turn(index), "width": 2.5},
            hovertemplate="%{fullData.name}<br>step %{x}: %{y:.3g} nats<extra></extra>",
        )
        for index, (name, x, y) in enumerate(curves)
    ]  # fmt: skip
    return figure(
        traces, _attention_finding(curves), x="training step", y="entropy of attention (nats)", empty=not curves, height=300
    )


def _attention_finding(curves: Sequence[tuple[str, np.ndarray, np.ndarray]]) -> str:
    if not curves:
        return "No attention was seen."
    name, _, means = max(curves, key=lambda one: abs(one[2][-1] - one[2][0]))
    begin, end = (number(float(np.exp(value))) for value in (means[0], means[-1]))  # so many alike have that entropy
    if len(means) == 1 or begin == end:
        return f"{name} spreads its attention over about {end} keys."
    return f"{name} spreads its attention over about {begin} keys at first, and {end} in the end."
