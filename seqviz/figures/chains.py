"""Figure of a chain of scalar factors."""

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import figure, hue
from seqviz.language.words import number
from seqviz.records import ScalarChain

SMALLEST, LARGEST = np.log10(np.finfo(float).smallest_normal), np.log10(np.finfo(float).max)  # decades of a float


def scalar_chain_figure(record: ScalarChain) -> go.Figure:
    """Draw log10 |∂x_T/∂x_t| by t: exact also where the derivative itself has over- or underflowed."""
    time = np.arange(len(record.log10_sizes))
    sizes = np.asarray(record.log10_sizes, dtype=float)
    shown = np.where(np.isfinite(sizes), sizes, np.nan)
    curve = go.Scatter(
        x=time, y=shown, name="log₁₀ |∂x_T/∂x_t|", mode="lines+markers", line={"color": hue("curve"), "width": 2.5},
        marker={"size": 5, "color": hue("curve")}, customdata=[number(float(each)) for each in record.derivatives],
        hovertemplate="t = %{x}<br>10^%{y:.4g}<br>as a float: %{customdata}<extra></extra>", showlegend=False,
    )  # fmt: skip
    zeros = np.flatnonzero(np.isneginf(sizes))
    floor = np.nanmin(shown) - 1 if np.isfinite(shown).any() else -1.0
    mark = go.Scatter(
        x=time[zeros], y=np.full(len(zeros), floor), name="exactly 0", mode="markers", meta={"mark": "exactly 0"},
        marker={"symbol": "triangle-down-open", "size": 8, "color": hue("mark")},
        hovertemplate="t = %{x}: exactly 0<extra></extra>",
    )  # fmt: skip
    return figure(
        [curve, *([mark] if zeros.size else [])], chain_finding(record), x="step t", y="log₁₀ of the derivative's size",
        height=320, empty=not len(record.factors),
    )  # fmt: skip


def chain_finding(record: ScalarChain) -> str:
    """Return the whole product in words, also where no float can hold it."""
    count = len(record.factors)
    if not count:
        return "There are no factors to multiply."
    size, held = float(record.log10_sizes[0]), float(record.derivatives[0])
    if np.isneginf(size):
        return "One factor is 0, so nothing before it can be felt."
    sign = -1.0 if _is_negative(record) else 1.0
    fits = bool(SMALLEST <= size <= LARGEST)
    product = number(sign * 10.0**size) if fits else f"{'-' if sign < 0 else ''}10^{size:.4g}"
    return f"The product of {count} factors is {product}{_lost(held, fits)}."


def _lost(held: float, fits: bool) -> str:
    if held and np.isfinite(held):
        return ""
    became = "∞" if held else "0"
    if fits:  # its end fits into a float, but an intermediate product does not
        return f", but multiplied one by one in floats it becomes {became}"
    return f", which is too {'large' if held else 'small'} for a float: it becomes {became}"


def _is_negative(record: ScalarChain) -> bool:
    return int((record.factors < 0).sum()) % 2 == 1
