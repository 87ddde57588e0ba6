"""Figures of attention with its scores divided by √dₖ and not: of random queries and of a trained Transformer's heads."""

from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import Labelled, band, faint, figure, hue, lines, log_axis, marks, powers_of_ten, reference
from seqviz.language.words import number
from seqviz.records import PLAIN, SCALED, HeadScaling, ScaledAttention

WAYS = {PLAIN: ("q·k", "not scaled"), SCALED: ("q·k ÷ √dₖ", "scaled")}
HEIGHT = 280
BINS_A_DEVIATION = 4  # of a histogram
REACH = 4  # standard deviations drawn
WIDTH_AXIS = "width dₖ of a query and a key"
HOVER = "%{fullData.name}<br>dₖ = %{x}: %{y:.4g}<extra></extra>"
HEAD_AXIS = "layer.head of the encoder"


def scores_figure(record: ScaledAttention) -> go.Figure:
    """Draw how the scores are spread, divided and not, with the normal curves of variance dₖ and 1, all equally high."""
    reach = REACH * np.sqrt(record.width)
    traces = [trace for way in (WAYS if record.width > 1 else (PLAIN,)) for trace in _spread(record, way)]
    return figure(
        traces, scores_finding(record), x="score", y="density ÷ the curve's peak", height=HEIGHT,
        xaxis={"range": [-reach, reach]}, yaxis={"rangemode": "tozero"},
    )  # fmt: skip


def scores_finding(record: ScaledAttention) -> str:
    """Return in words how far apart the scores are, divided and not."""
    plain, scaled = np.sqrt(record.variances)
    if record.width == 1:
        return f"With dₖ = 1 the scores have a standard deviation of {_three(plain)}, and √1 divides nothing."
    spread = f"With dₖ = {record.width} the scores have a standard deviation of {_three(plain)}"
    return f"{spread}; divided by √dₖ, of {_three(scaled)}."


def variance_figure(records: Sequence[ScaledAttention], width: int) -> go.Figure:
    """Draw the measured variance of the scores by dₖ, each with two standard errors either way, on the theory's lines."""
    widths = _widths(records)
    traces: list[go.Scatter] = [_theory(widths), reference("theory: 1", widths.tolist(), 1.0)]
    for way, (name, role) in WAYS.items():
        colour = hue(role)
        measured = np.array([record.variances[way] for record in records])
        errors = 2 * np.array([record.standard_error / record.width**way for record in records])
        traces.append(
            go.Scatter(
                x=widths, y=measured, name=name, mode="markers", marker={"color": colour, "size": _sizes(records, width)},
                error_y={"type": "data", "array": errors, "color": colour}, customdata=errors / 2,
                hovertemplate="%{fullData.name}, dₖ = %{x}<br>%{y:.4g}, standard error %{customdata:.2g}<extra></extra>",
            )
        )  # fmt: skip
    held = [np.array([0.7, 1.4 * widths[-1]])]
    return figure(
        traces, variance_finding(_at(records, width)), x=WIDTH_AXIS, y="variance of the scores", height=HEIGHT,
        xaxis=_width_axis(), yaxis=log_axis(held) | {"range": [-0.6, 3.4]},
    )  # fmt: skip


def variance_finding(record: ScaledAttention) -> str:
    """Return in words the measured variance beside the theory's, and how many standard errors are between them."""
    plain, scaled = record.variances
    away = abs(plain - record.width) / record.standard_error
    theory = f"{away:.1f} standard errors from the theory's {record.width}"
    said = f"With dₖ = {record.width} the variance is {_three(plain)}, {theory}"
    return f"{said}." if record.width == 1 else f"{said}; divided by √dₖ it is {_three(scaled)}."


def largest_figure(records: Sequence[ScaledAttention], width: int) -> go.Figure:
    """Draw the mean over queries of the largest weight, by dₖ."""
    even = 1 / records[0].keys
    line = reference(f"1/n = {even:.3g}", _widths(records).tolist(), even)
    traces = [*_means(records, width, lambda record: record.largest), line]
    return figure(
        traces, largest_finding(_at(records, width)), x=WIDTH_AXIS, y="largest weight, mean over queries", height=HEIGHT,
        xaxis=_width_axis(), yaxis={"range": [0, 1.03]},
    )  # fmt: skip


def largest_finding(record: ScaledAttention) -> str:
    """Return in words how much weight a query gives to one key alone."""
    plain, scaled = record.largest.mean(axis=(1, 2))
    said = f"With dₖ = {record.width} a query gives on average {100 * plain:.0f} % of its weight to one of {record.keys} keys"
    return f"{said}." if record.width == 1 else f"{said}; with scores divided by √dₖ, {100 * scaled:.0f} %."


def entropy_figure(records: Sequence[ScaledAttention], width: int) -> go.Figure:
    """Draw the mean over queries of the weights' entropy, by dₖ."""
    most = float(np.log2(records[0].keys))
    line = reference(f"log₂ n = {most:.3g}", _widths(records).tolist(), most)
    return figure(
        [*_means(records, width, lambda record: record.entropy), line], entropy_finding(_at(records, width)),
        x=WIDTH_AXIS, y="entropy of the weights, bits", height=HEIGHT, xaxis=_width_axis(), yaxis={"range": [0, 1.05 * most]},
    )  # fmt: skip


def entropy_finding(record: ScaledAttention) -> str:
    """Return in words how evenly a query's weight is spread."""
    plain, scaled = record.entropy.mean(axis=(1, 2))
    most = f"{_three(plain)} of at most {_three(np.log2(record.keys))} bits of entropy"
    said = f"With dₖ = {record.width} a query's weights have {most}"
    return f"{said}." if record.width == 1 else f"{said}; with scores divided by √dₖ, {_three(scaled)}."


def softmax_gradient_figure(records: Sequence[ScaledAttention], width: int) -> go.Figure:
    """Draw the size of the softmax's Jacobian by dₖ: the median query, the middle half of all queries, and their mean."""
    finding = gradient_finding(_at(records, width).softmax_gradients, width, "the softmax's gradient")
    return _gradients(records, width, lambda record: record.softmax_gradients, finding, "‖diag(p) − ppᵀ‖")


def query_gradient_figure(records: Sequence[ScaledAttention], width: int) -> go.Figure:
    """Draw in the same way what reaches the query of a gradient of norm 1 at attention's output."""
    finding = gradient_finding(_at(records, width).query_gradients, width, "the gradient that arrives")
    return _gradients(records, width, lambda record: record.query_gradients, finding, "‖∂L/∂q‖ for a gradient of norm 1")


def gradient_finding(gradients: np.ndarray, width: int, what: str) -> str:
    """Return in words what the median query's gradient and the mean are, divided and not.

    Args:
        gradients: by (way, sequence, query).
        width: dₖ.
        what: has these sizes.
    """
    (plain, scaled), means = np.median(gradients, axis=(1, 2)), gradients.mean(axis=(1, 2))
    if width == 1:
        return f"With dₖ = 1 {what} at the median query is {number(plain)}, and √1 divides nothing."
    told = f"With dₖ = {width} {what} at the median query is {number(plain)}; with scores divided by √dₖ, {number(scaled)}"
    return f"{told} (means: {number(means[PLAIN])} and {number(means[SCALED])})."


def _spread(record: ScaledAttention, way: int) -> list[go.Scatter]:
    """Return one way's histogram and its normal curve."""
    (name, role), variance = WAYS[way], record.width if way == PLAIN else 1
    colour = hue(role)
    deviation, scores = np.sqrt(variance), record.scores.ravel() * np.sqrt(variance / record.width)
    edges = np.arange(-REACH * BINS_A_DEVIATION - 0.5, REACH * BINS_A_DEVIATION + 1) * deviation / BINS_A_DEVIATION
    counts = np.histogram(scores, edges)[0]
    heights = counts / scores.size * BINS_A_DEVIATION * np.sqrt(2 * np.pi)
    curve = np.linspace(-REACH, REACH, 121)
    return [
        go.Scatter(
            x=(edges[1:] + edges[:-1]) / 2, y=heights, name=name, mode="lines", fill="tozeroy", fillcolor=faint(colour),
            line={"shape": "hvh", "color": colour, "width": 1.5}, customdata=counts,
            hovertemplate="%{fullData.name} near %{x:.3g}: %{customdata} of " + f"{scores.size:,}<extra></extra>",
        ),
        go.Scatter(
            x=curve * deviation, y=np.exp(-(curve**2) / 2), name=f"normal, variance {variance}", mode="lines",
            line={"color": colour, "dash": "dash", "width": 1.5}, hoverinfo="skip",
        ),
    ]  # fmt: skip


def _means(records: Sequence[ScaledAttention], width: int, read: Callable[[ScaledAttention], np.ndarray]) -> list[go.Scatter]:
    found = np.array([read(record).mean(axis=(1, 2)) for record in records])
    return [_curve(records, width, found[:, way], name, hue(role)) for way, (name, role) in WAYS.items()]


def _gradients(
    records: Sequence[ScaledAttention], width: int, read: Callable[[ScaledAttention], np.ndarray], finding: str, y: str
) -> go.Figure:
    widths, traces, labelled = _widths(records), [], list[Labelled]()
    for way, (name, role) in WAYS.items():
        colour, found = hue(role), [read(record)[way] for record in records]
        low, middle, high = np.array([np.quantile(each, (0.25, 0.5, 0.75)) for each in found]).T
        mean = np.array([each.mean() for each in found])
        traces += [
            band(widths, low, high, colour, showlegend=False),
            _curve(records, width, middle, f"{name}: median", colour),
            lines(f"{name}: mean", widths, mean, colour=colour, dash="dot", hovertemplate=HOVER),
        ]
        labelled += [(name, widths, each) for each in (low, middle, high)]
    return figure(
        [*traces, *marks(labelled)], finding, x=WIDTH_AXIS, y=y, height=HEIGHT, xaxis=_width_axis(),
        yaxis=log_axis([each for _, _, each in labelled]),
    )  # fmt: skip


def _curve(records: Sequence[ScaledAttention], width: int, y: np.ndarray, name: str, colour: str) -> go.Scatter:
    return go.Scatter(
        x=_widths(records), y=y, name=name, mode="lines+markers", line={"color": colour, "width": 2.5},
        marker={"color": colour, "size": _sizes(records, width)}, hovertemplate=HOVER,
    )  # fmt: skip


def _theory(widths: np.ndarray) -> go.Scatter:
    return go.Scatter(
        x=widths, y=widths, name="theory: dₖ", mode="lines", line={"color": hue("reference"), "dash": "dash", "width": 1.5},
        hoverinfo="skip",
    )  # fmt: skip


def _width_axis() -> dict[str, object]:
    ticks = [4**power for power in range(6)]
    return {"type": "log", "range": [-0.1, 3.1], "tickvals": ticks, "ticktext": [str(tick) for tick in ticks]}


def _sizes(records: Sequence[ScaledAttention], width: int) -> list[int]:
    """Return the sizes of the marks: that of the width chosen is the largest."""
    return [13 if record.width == width else 6 for record in records]


def _widths(records: Sequence[ScaledAttention]) -> np.ndarray:
    return np.array([record.width for record in records])


def _at(records: Sequence[ScaledAttention], width: int) -> ScaledAttention:
    return next(record for record in records if record.width == width)


def _three(value: float) -> str:
    """Return ``value`` with three significant digits, without an exponent.

    >>> _three(0.99), _three(1033.2), _three(15.04)
    ('0.99', '1033', '15')
    """
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def head_scores_figure(record: HeadScaling) -> go.Figure:
    """Draw the mean square of each head's scores, divided and not, on the lines that random entries would be on."""
    found = _by_head(record, lambda head: head.variances)
    width, heads = _wide(record), [*record.heads]
    lines = [_random(f"random: dₖ = {width}", heads, width), _random("random: 1", heads, 1.0)]
    low, high = (float(np.log10(edge)) for edge in (min(found.min(), 1), max(found.max(), width)))
    return figure(
        [*lines, *_ways(record, found)], head_scores_finding(record), x=HEAD_AXIS, y="mean square of scores", height=HEIGHT,
        xaxis={"type": "category"}, yaxis={"range": [low - 0.2, high + 0.2], **powers_of_ten(low, high)},
    )  # fmt: skip


def head_scores_finding(record: HeadScaling) -> str:
    """Return in words how large the scores of trained heads are, beside those of random queries and keys."""
    plain = _by_head(record, lambda head: head.variances)[:, PLAIN]
    return f"Trained, with dₖ = {_wide(record)}, q·k has a mean square of {_span(plain)} by head; random, of {_wide(record)}."


def head_weights_figure(record: HeadScaling) -> go.Figure:
    """Draw the mean over queries of each head's largest weight, as it was trained and with scores not divided."""
    found = _by_head(record, lambda head: head.largest.mean(axis=(1, 2)))
    return figure(
        _ways(record, found), head_weights_finding(record), x=HEAD_AXIS, y="largest weight, mean over queries", height=HEIGHT,
        xaxis={"type": "category"}, yaxis={"range": [0, 1.03]},
    )  # fmt: skip


def head_weights_finding(record: HeadScaling) -> str:
    """Return in words how much weight a query gives to one word alone, as trained and not divided."""
    found = 100 * _by_head(record, lambda head: head.largest.mean(axis=(1, 2)))
    words = next(iter(record.heads.values())).keys
    plain, scaled = (_span(found[:, way], lambda share: f"{share:.0f}") for way in (PLAIN, SCALED))
    return f"As trained, a query gives {scaled} % of its weight to one of {words} words; not divided, it would be {plain} %."


def head_gradients_figure(record: HeadScaling) -> go.Figure:
    """Draw the size of the softmax's Jacobian at each head's median query, as it was trained and with scores not divided."""
    found = _by_head(record, _head_gradients)
    return figure(
        _ways(record, found), head_gradients_finding(record), x=HEAD_AXIS, y="‖diag(p) − ppᵀ‖, median query", height=HEIGHT,
        xaxis={"type": "category"}, yaxis={"rangemode": "tozero"},
    )  # fmt: skip


def head_gradients_finding(record: HeadScaling) -> str:
    """Return in words what the softmax lets through at the median query, as trained and not divided."""
    found = _by_head(record, _head_gradients)
    plain, scaled = (_span(found[:, way]) for way in (PLAIN, SCALED))
    return f"As trained, the softmax's gradient at the median query is {scaled} by head; not divided, it would be {plain}."


def _head_gradients(head: ScaledAttention) -> np.ndarray:
    return np.asarray(np.median(head.softmax_gradients, axis=(1, 2)))


def _by_head(record: HeadScaling, read: Callable[[ScaledAttention], np.ndarray]) -> np.ndarray:
    """Return what ``read`` finds of every head, (head, way)."""
    return np.array([read(head) for head in record.heads.values()])


def _ways(record: HeadScaling, found: np.ndarray) -> list[go.Scatter]:
    symbols = {PLAIN: "circle-open", SCALED: "circle"}
    return [
        go.Scatter(
            x=[*record.heads], y=found[:, way], name=name, mode="markers",
            marker={"color": hue(role), "size": 10, "symbol": symbols[way], "line": {"width": 2, "color": hue(role)}},
            hovertemplate="%{fullData.name}, head %{x}: %{y:.4g}<extra></extra>",
        )
        for way, (name, role) in WAYS.items()
    ]  # fmt: skip


def _random(name: str, heads: list[str], height: float) -> go.Scatter:
    return reference(name, [0.0, 1.0], height).update(x=heads, y=[height] * len(heads))


def _wide(record: HeadScaling) -> int:
    return next(iter(record.heads.values())).width


def _span(values: np.ndarray, said: Callable[[float], str] = number) -> str:
    """Return the least and the most of ``values``; one where they are said alike."""
    return " to ".join(dict.fromkeys((said(float(values.min())), said(float(values.max())))))
