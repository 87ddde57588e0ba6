"""One sentence's words against each other: attention, gradient × input, forced attention, attention from several seeds."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from seqviz.corpora import alignment_error_rate, strongest_links
from seqviz.figures.heat import Names, heat_map, linear_levels
from seqviz.figures.look import GATE_SCALE, figure, hue, literal, ticked
from seqviz.language.words import listed, number
from seqviz.records import Attribution, Translation

Array = np.ndarray
Words = Sequence[str]

_MAP = Names(x="read", y="written", value="share", bar="")
HARDLY = 0.1  # a total variation distance below this is hardly a move
MOST_TOLD = 4  # words named in a finding
_LEAST = 0.005  # a change of probability under this share of it is called none


def alignment_map_figure(record: Translation, links: Iterable[tuple[int, int]], label: str) -> go.Figure:
    """Draw one network's attention while it reads the right translation; squares are the grammar's links.

    Args:
        record: of the right words, given one by one; of a network with attention.
        links: (position in the source, position in the translation).
        label: which network it is of.
    """
    assert record.weights is not None
    words, sure = len(record.written) - record.ended, frozenset(links)
    exact, near = alignment_errors(record, sure)
    finding = f"{label}: alignment error rate {number(exact)}, {number(near)} within one position."
    drawn = _map(record.weights[:words], record.source, record.written[:words], finding)
    drawn.add_trace(
        go.Scatter(
            x=[here for here, _ in sorted(sure)], y=[there for _, there in sorted(sure)], mode="markers", name="right link",
            marker={"symbol": "square-open", "size": 15, "color": hue("right link"), "line": {"width": 2}}, hoverinfo="skip",
        )
    )  # fmt: skip
    return drawn


def alignment_errors(record: Translation, links: Iterable[tuple[int, int]]) -> tuple[float, float]:
    """Return the alignment error rate of the strongest attention, exactly and within one source position."""
    assert record.weights is not None
    found, sure = strongest_links(record.weights[: len(record.written) - record.ended]), frozenset(links)
    return alignment_error_rate(found, sure), alignment_error_rate(found, sure, within=1)


def attention_figure(record: Attribution) -> go.Figure:
    """Draw the attention of every word written."""
    strongest = float(record.weights.max(axis=1).mean())
    return _map(
        record.weights, record.source, record.written, f"Attention: a word’s largest weight is {strongest:.2f} on average."
    )


def gradient_figure(record: Attribution) -> go.Figure:
    """Draw gradient × input of every word written, its sizes as shares of 1."""
    largest = float(record.shares.max(axis=1).mean())
    finding = f"|Gradient × input| as shares: a word’s largest is {largest:.2f} on average."
    return _map(record.shares, record.source, record.written, finding, np.asarray(record.products))


def agreement_figure(record: Attribution) -> go.Figure:
    """Draw Kendall's τ between attention and gradient × input, word by word."""
    values = record.agreement
    told = values[np.isfinite(values)]
    dots = go.Scatter(
        x=np.arange(len(values)), y=values, mode="markers", name="Kendall’s τ",
        marker={"size": 9, "color": hue("rank correlation")},
        customdata=list(map(literal, record.written)), hovertemplate="%{customdata}: τ = %{y:.3f}<extra></extra>",
    )  # fmt: skip
    middle = float(np.median(told)) if told.size else float("nan")
    drawn = figure(
        [dots], _agreement_finding(record, told, middle), x="word written", y="Kendall’s τ", height=260,
        showlegend=False, xaxis=_ticks(record.written), yaxis={"range": [-1.08, 1.08]}, margin=_MARGIN,
    )  # fmt: skip
    if told.size:
        drawn.add_hline(y=middle, line={"color": hue("rank correlation"), "dash": "dash", "width": 1.5})
    return drawn


def forced_figure(record: Attribution) -> go.Figure:
    """Draw how far each word's distribution moves when attention is made uniform, or is permuted."""
    x, drawn = np.arange(len(record.written)), record.permuted.distances
    middle = np.median(drawn, axis=0)
    permuted = go.Scatter(
        x=x - 0.12, y=middle, mode="markers", name=f"permuted: median and range of {len(drawn)} draws",
        marker={"size": 9, "color": hue("permuted")}, customdata=np.stack([drawn.min(0), drawn.max(0)], axis=1),
        error_y={
            "type": "data", "symmetric": False, "array": drawn.max(0) - middle, "arrayminus": middle - drawn.min(0),
            "color": hue("permuted"), "thickness": 1.5,
        },
        text=list(map(literal, record.written)),
        hovertemplate="%{text}: %{y:.3f}, from %{customdata[0]:.3f} to %{customdata[1]:.3f}<extra>permuted</extra>",
    )  # fmt: skip
    uniform = go.Scatter(
        x=x + 0.12, y=record.uniform.distances[0], mode="markers", name="uniform",
        marker={"size": 10, "symbol": "diamond", "color": hue("uniform")}, text=list(map(literal, record.written)),
        hovertemplate="%{text}: %{y:.3f}<extra>uniform</extra>",
    )  # fmt: skip
    return figure(
        [permuted, uniform], _forced_finding(record), x="word written", y="total variation distance", height=340,
        xaxis=_ticks(record.written), yaxis={"range": [-0.04, 1.04]}, margin=_MARGIN,
    )  # fmt: skip


def mean_attention_figure(seeds: Float[Array, "seed target source"], source: Words, written: Words) -> go.Figure:
    """Draw the mean attention of networks that differ in their seed alone."""
    places = seeds.argmax(axis=2)
    same = int((places == places[0]).all(axis=0).sum())
    finding = (
        f"Mean of {len(seeds)} seeds: all look most at the same word in {same} of {len(written)} rows; two seeds’ rows are "
        f"{seed_distance(seeds):.2f} apart on average (total variation)."
    )
    return _map(seeds.mean(axis=0), source, written, finding)


def attention_range_figure(seeds: Float[Array, "seed target source"], source: Words, written: Words) -> go.Figure:
    """Draw for each pair of words the largest weight less the smallest, over seeds."""
    spread = np.ptp(seeds, axis=0)
    row, column = (int(each) for each in np.unravel_index(int(spread.argmax()), spread.shape))
    low, high = seeds[:, row, column].min(), seeds[:, row, column].max()
    finding = (
        f"Range over seeds: “{written[row]}” gives “{source[column]}” between {low:.2f} and {high:.2f}; no pair of words "
        "depends more on the seed."
    )
    return _map(spread, source, written, finding)


def seed_distance(seeds: Float[Array, "seed target source"]) -> float:
    """Return the mean total variation distance between two seeds' rows; 0 for one seed alone."""
    pairs = list(combinations(range(len(seeds)), 2))
    apart = [float(np.abs(seeds[one] - seeds[other]).sum(axis=1).mean()) / 2 for one, other in pairs]
    return float(np.mean(apart)) if apart else 0.0


_MARGIN: Mapping[str, int] = {"l": 64, "r": 16, "t": 12, "b": 84}


def _map(values: Array, source: Words, written: Words, finding: str, exact: Array | None = None) -> go.Figure:
    names = _MAP if exact is None else _MAP._replace(value="∂ log p/∂e · e")
    return heat_map(
        values, linear_levels(values, 0.0, 1.0, GATE_SCALE), finding, names, exact=exact, height=150 + 24 * len(written),
        xaxis=_ticks(source), yaxis={**_ticks(written), "tickangle": 0, "autorange": "reversed"},
        margin={"l": 84, "r": 8, "t": 12, "b": 92},
    )  # fmt: skip


def _ticks(words: Words) -> dict[str, Any]:
    return {**ticked(list(map(literal, words))), "tickangle": -50}


def same_strongest(record: Attribution) -> int:
    """Return for how many words written attention and gradient × input name the same word read as the strongest."""
    return int((record.weights.argmax(axis=1) == record.shares.argmax(axis=1)).sum())


def _agreement_finding(record: Attribution, told: Array, middle: float) -> str:
    named = (
        f"Attention and gradient × input name the same strongest word in {same_strongest(record)} of {len(record.written)} rows"
    )
    if not told.size:
        return f"{named}; Kendall’s τ needs at least two words in some order."
    bands = ((0.7, "much the same"), (0.3, "partly the same"))
    said = next((what for least, what in bands if middle >= least), "hardly the same")
    return f"{named}; the order of all {len(record.source)} words is {said}: the median of Kendall’s τ is {middle:.2f}."


def _forced_finding(record: Attribution) -> str:
    own, even = record.probability, float(record.uniform.probabilities[0])
    permuted = float(np.median(record.permuted.probabilities))
    return (
        f"The translation’s probability is {number(own)}; {_moved(own, even)} under uniform attention, {_moved(own, permuted)} "
        f"under permuted attention (median). {_unmoved(record)}"
    )


def _unmoved(record: Attribution) -> str:
    most = np.maximum(record.uniform.distances[0], np.median(record.permuted.distances, axis=0))
    words = [f"“{word}”" for word, distance in zip(record.written, most, strict=True) if distance < HARDLY]
    if not words:
        return "Every word’s distribution moves."
    told = words if len(words) <= MOST_TOLD else [*words[:MOST_TOLD], f"{len(words) - MOST_TOLD} more"]
    return f"What hardly moves, in the median: {listed(told)}."


def _moved(own: float, now: float) -> str:
    if abs(now - own) <= _LEAST * own:
        return f"it stays {number(now)}"
    return f"it {'falls' if now < own else 'rises'} to {number(now)}"
