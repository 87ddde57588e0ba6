"""The sum of gradient magnitudes in a hidden layer over training, by activation."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import edges, figure, hue, lines, log_axis, marks
from seqviz.language.words import number

TITLES: Mapping[str, str] = {"relu": "ReLU", "tanh": "tanh", "sigmoid": "sigmoid"}

Curve = tuple[np.ndarray, np.ndarray]  # training steps; sums, by seed and moment


def activations_figure(study: Mapping[str, Curve], beside: Mapping[str, Curve], *, layer: int, depth: int) -> go.Figure:
    """Draw Σ|∂L̄/∂W| of one layer over training: the median of some seeds with a band, and single runs beside.

    Args:
        study: by activation.
        beside: runs trained here, by activation; each has one seed.
        layer: which, from 1.
        depth: of the networks.
    """
    traces = [trace for name, curve in study.items() for trace in _median(name, curve)]
    traces += [
        lines(
            f"{TITLES[name]}, trained here", steps, sums[0], colour=hue(name), dash="dot",
            hovertemplate="%{fullData.name}<br>step %{x}: %{y:.4g}<extra></extra>",
        )
        for name, (steps, sums) in beside.items()
    ]  # fmt: skip
    drawn = [*study.values(), *beside.values()]
    curves = [(TITLES[name], steps, np.median(sums, axis=0)) for name, (steps, sums) in study.items()]
    return figure(
        [*traces, *marks(curves)], activations_finding(study, layer=layer, depth=depth), x="training step",
        y=f"Σ|∂L/∂W| of layer {layer}", yaxis=log_axis([sums for _, sums in drawn]), empty=not drawn,
    )  # fmt: skip


def activations_finding(study: Mapping[str, Curve], *, layer: int, depth: int) -> str:
    """Return in words at how many moments the sigmoid's median is below ReLU's, and how far."""
    if not {"relu", "sigmoid"} <= set(study):
        return "Nothing was measured of ReLU or of the sigmoid."
    upper, lower = (np.median(study[name][1], axis=0) for name in ("relu", "sigmoid"))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = lower / upper
    below = int((lower < upper).sum())
    where = f"In layer {layer} of {depth}"
    spread = f"between {number(float(shares.min()))} and {number(float(shares.max()))} of it"
    if below == len(shares):
        return f"{where}, the sigmoid's median sum lies below ReLU's at every moment of training: {spread}."
    return f"{where}, the sigmoid's median sum lies below ReLU's at {below} of {len(shares)} moments of training: {spread}."


def _median(name: str, curve: Curve) -> Sequence[go.Scatter]:
    steps, sums = curve
    middle = lines(
        TITLES[name], steps, np.median(sums, axis=0), colour=hue(name),
        hovertemplate="%{fullData.name}<br>step %{x}: %{y:.4g}<extra></extra>",
    )  # fmt: skip
    return [*edges(steps, (sums.max(axis=0), sums.min(axis=0)), hue(name)), middle]
