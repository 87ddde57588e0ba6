"""Figures of how much of a gradient reaches the first step: by forget-gate bias, and by distance."""

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.heat import Names, heat_map, ratio_levels
from seqviz.figures.look import band, dotted, figure, hue, lines, log_axis, marks
from seqviz.language.words import listed, number
from seqviz.records import ForgetBiasReach

SHARE = "gradient at step 0 ÷ at step T"
TOLD = (0.0, 1.0, 3.0, 5.0)  # biases that titles speak of


def nearest_bias(record: ForgetBiasReach, bias: float) -> int:
    """Return the place of the bias nearest to ``bias``."""
    return int(np.abs(record.biases - bias).argmin())


def reach_map_figure(record: ForgetBiasReach, *, bias: float, distance: int) -> go.Figure:
    """Draw the median share by bias and distance; lines mark the slices at ``bias`` and ``distance``."""
    medians = record.medians
    drawn = heat_map(
        medians,
        ratio_levels(medians),
        reach_finding(record, distance),
        Names("distance T", "forget-gate bias", SHARE, "÷ last step"),
        x=record.distances,
        y=record.biases,
    )
    line = dotted()
    drawn.add_hline(y=float(record.biases[nearest_bias(record, bias)]), line=line)
    drawn.add_vline(x=distance, line=line)
    return drawn


def reach_finding(record: ForgetBiasReach, distance: int) -> str:
    """Return how the gradient at step 0 compares with that at the last of ``distance`` steps, at some biases, in words."""
    shares = record.medians[:, distance - 1]
    first, *rest = [(number(float(shares[nearest_bias(record, bias)])), f"with bias {bias:g}") for bias in TOLD]
    told = listed([f"{first[0]} times that at the last step {first[1]}", *(f"{share} times {bias}" for share, bias in rest)])
    return f"{_over(distance)}, the gradient at step 0 is {told}{_seeds(record)}."


def distance_figure(record: ForgetBiasReach, bias: float) -> go.Figure:
    """Draw the share by distance at one bias: the median and range of the seeds, and σ(bias)^T."""
    place = nearest_bias(record, bias)
    finding = distance_finding(record, place)
    return _slice(record.distances, record.shares[:, place], record.products[place], finding, x="distance T")


def bias_figure(record: ForgetBiasReach, distance: int) -> go.Figure:
    """Draw the share by bias at one distance: the median and range of the seeds, and σ(bias)^T."""
    column = distance - 1
    finding = bias_finding(record, distance)
    return _slice(record.biases, record.shares[:, :, column], record.products[:, column], finding, x="forget-gate bias")


def distance_finding(record: ForgetBiasReach, place: int) -> str:
    """Return what is left over the longest distance at one bias, beside the product of forget gates, in words."""
    bias, last = float(record.biases[place]), int(record.distances[-1])
    left, product = float(record.medians[place, -1]), float(record.products[place, -1])
    said = f"Bias {bias:g}: {_over(last).lower()}, the gradient at step 0 is {number(left)} times that at the last step"
    if record.gates_alone:
        return f"{said}, which is σ({bias:g})^{last}: the gates depend on the bias alone."
    return f"{said}{_seeds(record)}; σ({bias:g})^{last} alone would be {number(product)}."


def bias_finding(record: ForgetBiasReach, distance: int) -> str:
    """Return whether more bias always lets more of the gradient through over ``distance`` steps, in words."""
    shares = record.medians[:, distance - 1]
    falls, best = int((np.diff(shares) <= 0).sum()), int(shares.argmax())
    first, last = (f"{float(record.biases[end]):g}" for end in (0, -1))
    if not falls:
        return f"{_over(distance)}, more bias lets more of the gradient through, all the way from {first} to {last}."
    said, end = f"{_over(distance)}, more bias is not always more gradient", number(float(shares[-1]))
    if best == len(shares) - 1:
        often = "once" if falls == 1 else f"{falls} times"
        return f"{said}: on the way to {end} times that at the last step, with bias {last}, it falls {often}."
    most = f"it is largest, {number(float(shares[best]))} times that at the last step, with bias {float(record.biases[best]):g}"
    return f"{said}: {most}, and {end} times with bias {last}."


def rising_finding(record: ForgetBiasReach) -> str:
    """Return at how many distances more bias always lets more of the gradient through, in words."""
    rising = int((np.diff(record.medians, axis=0) > 0).all(axis=0).sum())
    count = len(record.distances)
    always = "all" if rising == count else f"{rising}"
    return f"At {always} of the {count} distances drawn, more bias always lets more of the gradient through{_seeds(record)}."


def _slice(along: np.ndarray, seeds: np.ndarray, product: np.ndarray, finding: str, *, x: str) -> go.Figure:
    name = f"median of {len(seeds)} seeds" if len(seeds) > 1 else "one seed"
    middle, low, high = np.median(seeds, axis=0), seeds.min(axis=0), seeds.max(axis=0)
    curves = [(name, along, middle), ("σ(bias)^T", along, product)]
    traces = [
        *([band(along, low, high, hue("reach"), name="their range")] if len(seeds) > 1 else []),
        lines(*curves[0], colour=hue("reach")),
        lines(*curves[1], colour=hue("forget gates alone"), dash="dash"),
    ]
    return figure(
        [*traces, *marks(curves)], finding, x=x, y=SHARE, height=300, yaxis=log_axis([low, high, product])
    )  # fmt: skip


def _over(distance: int) -> str:
    return f"Over {distance} {'step' if distance == 1 else 'steps'}"


def _seeds(record: ForgetBiasReach) -> str:
    return f" (median of {len(record.shares)} seeds)" if len(record.shares) > 1 else ""
