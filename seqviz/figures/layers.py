"""Figures of feed-forward networks: the gradient that reaches each layer, before training and while it goes on."""

from collections.abc import Iterable, Mapping

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.heat import Names, heat_map, ratio_levels
from seqviz.figures.look import DASHES, RATIO_DECADES, dotted, figure, hue, lines, log_axis, marks
from seqviz.figures.probes import probe_at
from seqviz.language.words import became, changes, listed, number
from seqviz.records import LayerGradients, Metrics, Probes
from seqviz.records.learning import WINDOW
from seqviz.studies import StudyResult

REACH = ("before", "after")  # training


def layer_gradients_figure(found: Mapping[str, LayerGradients]) -> go.Figure:
    """Draw the norm of ∂L/∂h by layer on a log axis, the mean over points, of networks by their connections."""
    curves = [(name, np.arange(1, len(norms) + 1), norms) for name, norms in mean_norms(found).items()]
    traces = [
        lines(
            name, x, y, colour=hue(name), dash=DASHES["hidden"],
            hovertemplate="%{fullData.name}, layer %{x}: %{y:.4g}<extra></extra>",
        )
        for name, x, y in curves
    ]  # fmt: skip
    return figure(
        [*traces, *marks(curves)], layer_finding(found), x="hidden layer l (1 reads the input)", y="‖∂L/∂hₗ‖, mean over points",
        yaxis=log_axis([y for _, _, y in curves]), empty=not curves,
    )  # fmt: skip


def layer_finding(found: Mapping[str, LayerGradients]) -> str:
    """Return in words what becomes of the gradient on its way from the last layer back to the first."""
    norms = mean_norms(found)
    if not norms:
        return "No network is chosen."
    depth = len(next(iter(norms.values())))
    if depth == 1:
        return "With a single hidden layer there is nothing to carry back."
    told = [(f" in the {name} network", became(each, -1, 0)) for name, each in norms.items()]
    return f"On its way from layer {depth} back to layer 1, the gradient {changes(told)}."


def mean_norms(found: Mapping[str, LayerGradients]) -> dict[str, np.ndarray]:
    """Return the gradient's norm at each layer, the mean over points, by connections."""
    return {name: record.state_norms.mean(axis=1) for name, record in found.items()}


def layers_back(norms: np.ndarray, share: float) -> int | None:
    """Return how many layers below the last the gradient first has less than ``share`` of its norm there; None if nowhere.

    >>> layers_back(np.array([1e-9, 1e-5, 0.1, 1.0]), 0.01)
    2
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        below = np.flatnonzero((norms / norms[-1])[::-1] < share)
    return int(below[0]) if below.size else None


def layers_trained_figure(record: Probes, name: str, *, at: int | None = None, reach: float | None = None) -> go.Figure:
    """Draw what each layer got of the gradient over a run's training, as a share of the last layer's.

    Args:
        record: the probes of a run of a feed-forward network.
        name: of its connections.
        at: a training step to mark; the title speaks of the last probe at or before it. None: of the last of all.
        reach: decades of the colour scale each way, :func:`common_reach` of several; this run's own by default.
    """
    norms, ratios = _by_layer(record)
    names = Names("hidden layer l", "training step", "‖∂L/∂hₗ‖", "÷ last layer")
    seen = probe_at(record, at) + 1  # the finding speaks of the moment shown
    finding = trained_finding(record.step[:seen], record.hidden_norms[:seen, :, 0, 0], name)
    drawn = heat_map(
        ratios, ratio_levels(ratios, reach), finding, names, exact=norms,
        x=np.arange(1, norms.shape[1] + 1), y=record.step, height=300,
    )  # fmt: skip
    if at is not None and norms.size:
        drawn.add_hline(y=at, line=dotted())
    return drawn


def common_reach(records: Iterable[Probes]) -> float:
    """Return the decades that one colour scale for all of ``records`` needs each way, so that a colour is one ratio in each."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.concatenate([np.abs(np.log10(_by_layer(record)[1])).ravel() for record in records] or [np.zeros(1)])
    widest = float(np.max(logs, where=np.isfinite(logs), initial=1.0))
    return min(RATIO_DECADES, float(np.ceil(widest)))


def _by_layer(record: Probes) -> tuple[np.ndarray, np.ndarray]:
    """Return the norms by (probe, layer), and each as a share of the last layer's."""
    norms = np.asarray(record.hidden_norms[:, :, 0, 0], dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return norms, norms / norms[:, -1:]


def trained_finding(steps: np.ndarray, norms: np.ndarray, name: str) -> str:
    """Return in words how the first layer's gradient compares with the last one's, before training and at the end.

    Args:
        steps: the training steps probed.
        norms: by (probe, layer), in the type they were recorded in.
        name: of the network's connections.
    """
    if not norms.size:
        return f"{name.capitalize()}: no moment of training has been looked into yet."
    if norms.shape[1] == 1:
        return f"{name.capitalize()}: with a single hidden layer there is nothing to carry back."
    way = f"{name.capitalize()}: on its way from layer {norms.shape[1]} back to layer 1, the gradient"
    before = became(norms[0], -1, 0)
    if len(steps) == 1:
        return f"{way} {before} before training."
    return f"{way} {before} before training, and {became(norms[-1], -1, 0)} after step {int(steps[-1]):,}."


def seeds_table(result: StudyResult) -> str:
    """Return, as a table in Markdown, what several seeds of each kind come to: the median, and the range in brackets."""
    head = "median (range)", "points right, %", "layer 1's gradient ÷ the last's, before training", "after"
    rows = [
        (
            kind,
            _spread(100 * result.values(kind, "metric"), 3),
            *(_spread(result.values(kind, at)) for at in ("before", "after")),
        )
        for kind in result.arms
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


def _spread(values: np.ndarray, digits: int = 2) -> str:
    middle, low, high = (number(float(each), digits) for each in (np.median(values), values.min(), values.max()))
    return f"{middle} ({low} to {high})"


def accuracy_finding(runs: Mapping[str, Metrics]) -> str:
    """Return in words how many points each network gets right, over the last training steps, the best first."""
    ends = {name: float(np.mean(run.metric[-WINDOW:])) for name, run in runs.items() if len(run.step)}
    if not ends:
        return "No training step has been done yet."
    told = [f"{name} {100 * ends[name]:.0f} %" for name in sorted(ends, key=ends.__getitem__, reverse=True)]
    steps = {int(run.step[-1]) for run in runs.values() if len(run.step)}
    when = f"after {steps.pop():,} training steps" if len(steps) == 1 else "so far"
    return f"Points put on the right arm {when}: {listed(told)}."
