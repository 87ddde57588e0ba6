"""Figure of optimizers under the same clipping: their losses, as a band over seeds or as single runs."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.experiment.baseline import baseline_loss
from seqviz.experiment.training import OPTIMIZERS
from seqviz.figures.look import edges, figure, hue, log_axis, reference
from seqviz.language.words import listed
from seqviz.records.learning import WINDOW

DASHES: Mapping[str, str] = {"sgd": "solid", "momentum": "dash", "rmsprop": "dot", "adam": "solid", "adadelta": "dashdot"}
GUESSING = baseline_loss("temporal_order")  # the loss of guessing among the four classes of temporal order
TENTH = 0.1  # of that loss, below which the task is as good as learned


def optimizer_figure(curves: Mapping[str, np.ndarray]) -> go.Figure:
    """Draw the loss of each optimizer: the median over its seeds as a line, the range as a band.

    Args:
        curves: (seed, point) by optimizer; a point is the mean of ``WINDOW`` training steps.
    """
    traces: list[Any] = []
    for optimizer, losses in curves.items():
        if losses.size:
            traces += _median(optimizer, losses)
    longest = max((losses.shape[1] for losses in curves.values() if losses.size), default=0)
    held = [losses for losses in curves.values() if losses.size]
    if longest:
        traces.append(reference("guessing", [WINDOW, WINDOW * longest], GUESSING))
        held.append(np.array([GUESSING]))
    return figure(
        traces, optimizer_finding(curves), x=f"training step, means of {WINDOW}", y="cross-entropy (nats)", empty=not longest,
        yaxis=log_axis(held),
    )  # fmt: skip


def optimizer_finding(curves: Mapping[str, np.ndarray]) -> str:
    """Return in words when each optimizer's loss fell below a tenth of guessing's, the first one first, and which did not."""
    begun = {optimizer: losses for optimizer, losses in curves.items() if losses.size}
    if not begun:
        return f"No run has trained {WINDOW} steps yet."
    steps = {optimizer: float(np.median([_learned(each) for each in losses])) for optimizer, losses in begun.items()}
    seeds = {len(losses) for losses in begun.values()}
    many = f"the median of {seeds.pop()} seeds" if len(seeds) == 1 and max(seeds) > 1 else "one seed each"
    return f"The loss falls below a tenth of guessing's, {many}: {'; '.join(_ranked(steps))}."


def _ranked(steps: Mapping[str, float]) -> list[str]:
    """Return which optimizer was there when, the first ones first; those that were there at once share a part."""
    told = []
    for step in sorted(set(steps.values())):
        names = listed([OPTIMIZERS[optimizer] for optimizer, each in steps.items() if each == step])
        told.append(f"{names} after {step:,.0f} steps" if math.isfinite(step) else f"not yet with {names}")
    return told


def _learned(losses: np.ndarray) -> float:
    below = np.flatnonzero(losses < TENTH * GUESSING)
    return float(WINDOW * (below[0] + 1)) if below.size else math.inf


def _median(optimizer: str, losses: np.ndarray) -> list[go.Scatter]:
    steps = WINDOW * np.arange(1, losses.shape[1] + 1)
    colour, title = hue(optimizer), OPTIMIZERS[optimizer]
    low, middle, high = losses.min(axis=0), np.median(losses, axis=0), losses.max(axis=0)
    line = go.Scatter(
        x=steps, y=middle, name=title, mode="lines", line={"color": colour, "width": 2.5, "dash": DASHES[optimizer]},
        customdata=np.stack([low, high], axis=1),
        hovertemplate="%{fullData.name}<br>steps up to %{x}: %{y:.3g}"
        "<br>seeds from %{customdata[0]:.3g} to %{customdata[1]:.3g}<extra></extra>",
    )  # fmt: skip
    if len(losses) == 1:
        return [line]
    return [*edges(steps, (low, high), colour, (f"{title}, lowest", f"{title}, highest")), line]
