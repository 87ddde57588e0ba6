"""Figures of a trained Transformer's heads, their scores divided by √dₖ as they were trained, and not."""

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import figure, powers_of_ten, reference
from seqviz.figures.scaling import WAYS
from seqviz.language.words import number
from seqviz.records import PLAIN, SCALED, HeadScaling, ScaledAttention

HEIGHT = 280
HEAD_AXIS = "layer.head of the encoder"


def head_scores_figure(record: HeadScaling) -> go.Figure:
    """Draw the mean square of each head's scores, divided and not, on the lines that random entries would be on."""
    found = _by_head(record, lambda head: head.variances)
    width, heads = _width(record), [*record.heads]
    lines = [_line(f"random: dₖ = {width}", heads, width), _line("random: 1", heads, 1.0)]
    low, high = (float(np.log10(edge)) for edge in (min(found.min(), 1), max(found.max(), width)))
    return figure(
        [*lines, *_marks(record, found)], head_scores_finding(record), x=HEAD_AXIS, y="mean square of scores", height=HEIGHT,
        xaxis={"type": "category"}, yaxis={"range": [low - 0.2, high + 0.2], **powers_of_ten(low, high)},
    )  # fmt: skip


def head_scores_finding(record: HeadScaling) -> str:
    """Return in words how large the scores of trained heads are, beside those of random queries and keys."""
    plain = _by_head(record, lambda head: head.variances)[:, PLAIN]
    return f"Trained, with dₖ = {_width(record)}, q·k has a mean square of {_span(plain)} by head; random, of {_width(record)}."


def head_weights_figure(record: HeadScaling) -> go.Figure:
    """Draw the mean over queries of each head's largest weight, as it was trained and with scores not divided."""
    found = _by_head(record, lambda head: head.largest.mean(axis=(1, 2)))
    return figure(
        _marks(record, found), head_weights_finding(record), x=HEAD_AXIS, y="largest weight, mean over queries", height=HEIGHT,
        xaxis={"type": "category"}, yaxis={"range": [0, 1.03]},
    )  # fmt: skip


def head_weights_finding(record: HeadScaling) -> str:
    """Return in words how much weight a query gives to one word alone, as trained and not divided."""
    found = 100 * _by_head(record, lambda head: head.largest.mean(axis=(1, 2)))
    words = next(iter(record.heads.values())).keys
    plain, scaled = (_span(found[:, way], lambda share: f"{share:.0f}") for way in (PLAIN, SCALED))
    return f"As trained, a query gives {scaled} % of its weight to one of {words} words; not divided, it would be {plain} %."


def head_gradients_figure(record: HeadScaling) -> go.Figure:
    """Draw the size of the softmax's Jacobian at each head's median query, likewise."""
    found = _by_head(record, _gradients)
    return figure(
        _marks(record, found), head_gradients_finding(record), x=HEAD_AXIS, y="‖diag(p) − ppᵀ‖, median query", height=HEIGHT,
        xaxis={"type": "category"}, yaxis={"rangemode": "tozero"},
    )  # fmt: skip


def head_gradients_finding(record: HeadScaling) -> str:
    """Return in words what the softmax lets through at the median query, as trained and not divided."""
    found = _by_head(record, _gradients)
    plain, scaled = (_span(found[:, way]) for way in (PLAIN, SCALED))
    return f"As trained, the softmax's gradient at the median query is {scaled} by head; not divided, it would be {plain}."


def _gradients(head: ScaledAttention) -> np.ndarray:
    return np.asarray(np.median(head.softmax_gradients, axis=(1, 2)))


def _by_head(record: HeadScaling, read: Callable[[ScaledAttention], np.ndarray]) -> np.ndarray:
    """Return what ``read`` finds of every head, (head, way)."""
    return np.array([read(head) for head in record.heads.values()])


def _marks(record: HeadScaling, found: np.ndarray) -> list[go.Scatter]:
    symbols = {PLAIN: "circle-open", SCALED: "circle"}
    return [
        go.Scatter(
            x=[*record.heads], y=found[:, way], name=name, mode="markers",
            marker={"color": colour, "size": 10, "symbol": symbols[way], "line": {"width": 2, "color": colour}},
            hovertemplate="%{fullData.name}, head %{x}: %{y:.4g}<extra></extra>",
        )
        for way, (name, colour) in WAYS.items()
    ]  # fmt: skip


def _line(name: str, heads: list[str], height: float) -> go.Scatter:
    return reference(name, [0.0, 1.0], height).update(x=heads, y=[height] * len(heads))


def _width(record: HeadScaling) -> int:
    return next(iter(record.heads.values())).width


def _span(values: np.ndarray, said: Callable[[float], str] = number) -> str:
    """Return the least and the most of ``values``; one where they are said alike."""
    return " to ".join(dict.fromkeys((said(float(values.min())), said(float(values.max())))))
