"""Figures of single units: what they follow, and how often their gates are shut or open."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import colour_of, figure, hue
from seqviz.language.words import listed
from seqviz.measures.properties import PROPERTIES
from seqviz.records import UnitRanking, UnitSaturation

CLEAR = 0.5  # a score from which one sees it by eye: AUC 0.75
BEYOND = 0.1  # so much further than chance reaches
KEEPERS = ("forget", "update")  # the gates that keep what a unit holds
MOSTLY = 0.9  # of the time
SYMBOLS: Mapping[str, str] = {  # of the gates
    "input": "circle", "forget": "square", "output": "diamond", "reset": "circle", "update": "square",
}  # fmt: skip

_ROWS = {name: row for row, name in enumerate(PROPERTIES)}


def unit_ranking_figure(record: UnitRanking, *, name: str = "value", chosen: tuple[str, int] | None = None) -> go.Figure:
    """Draw every unit's score with every property, beside the best that chance gives.

    Args:
        record: the scores, one row for each of :data:`~seqviz.measures.properties.PROPERTIES`.
        name: what a unit's value is called ("cell state").
        chosen: a property and a unit to mark.
    """
    sizes, titles = np.abs(record.scores), [one.title for one in PROPERTIES.values()]
    rows, units = np.nonzero(np.isfinite(sizes))
    words = [f"unit {unit}: {_measured(record, row, unit)}" for row, unit in zip(rows.tolist(), units.tolist(), strict=True)]
    traces = [
        _dots(sizes[rows, units], [titles[row] for row in rows], words),
        go.Scatter(
            x=record.chance, y=titles, mode="markers", name="the best that chance gives",
            marker={"symbol": "line-ns", "size": 24, "line": {"width": 3, "color": hue("reference")}},
            hovertemplate="chance reaches %{x:.2f}<extra></extra>",
        ),
    ]  # fmt: skip
    if chosen is not None and np.isfinite(sizes[_ROWS[chosen[0]], chosen[1]]):
        at = sizes[_ROWS[chosen[0]], chosen[1]]
        traces.append(_ring([at], [PROPERTIES[chosen[0]].title], f"unit {chosen[1]}"))
    return figure(
        traces, ranking_finding(record, name), x="score: 0 is no tie, 1 is perfect", y="", height=360, empty=not len(rows),
        xaxis={"range": [-0.02, 1.02]}, yaxis={"type": "category", "autorange": "reversed"},
    )  # fmt: skip


def unit_contest_figure(records: Mapping[str, UnitRanking], *, prop: str) -> go.Figure:
    """Draw the score of each network's best unit with every property.

    Args:
        records: the scores by network ("rnn", "lstm", "gru" have their own colours).
        prop: the property that the title is about.
    """
    titles = [one.title for one in PROPERTIES.values()]
    traces = []
    for index, (label, record) in enumerate(records.items()):
        best = [best_unit(record, name) for name in PROPERTIES]
        words = [f"unit {unit}: {_measured(record, row, unit)}" for row, unit in enumerate(best)]
        traces.append(
            go.Scatter(
                x=[abs(record.scores[row, unit]) for row, unit in enumerate(best)], y=titles, customdata=words, mode="markers",
                name=label.upper(), hovertemplate="%{customdata}<extra>%{fullData.name}</extra>",
                marker={"size": 13, "color": colour_of(label, index), "symbol": ("circle", "square", "diamond")[index % 3]},
            )
        )  # fmt: skip
    return figure(
        traces, contest_finding(records, prop), x="score of the best unit: 0 is no tie, 1 is perfect", y="", height=360,
        empty=not traces, xaxis={"range": [-0.02, 1.02]}, yaxis={"type": "category", "autorange": "reversed"},
    )  # fmt: skip


def contest_finding(records: Mapping[str, UnitRanking], prop: str) -> str:
    """Return in words how well the best unit of each network follows a property."""
    sizes = {label: abs(float(record.scores[_ROWS[prop], best_unit(record, prop)])) for label, record in records.items()}
    order = sorted(sizes, key=lambda label: -np.nan_to_num(sizes[label]))
    claim = PROPERTIES[prop].yes_or_no
    parts = [f"{label.upper()} {_amount(sizes[label], claim)}" for label in order]
    return f"“{PROPERTIES[prop].title}”, {'AUC' if claim else 'rank correlation'} of each network's best unit: {listed(parts)}."


def unit_at(record: UnitRanking, title: str, score: float) -> tuple[str, int] | None:
    """Return the property and the unit drawn at a point of :func:`unit_ranking_figure`, or None where there is none."""
    name = next((name for name, one in PROPERTIES.items() if one.title == title), None)
    if name is None or not np.isfinite(record.scores[_ROWS[name]]).any():
        return None
    return name, int(np.nanargmin(np.abs(np.abs(record.scores[_ROWS[name]]) - score)))


def best_unit(record: UnitRanking, prop: str) -> int:
    """Return the unit that follows the property called ``prop`` best; 0 where none moves."""
    sizes = np.abs(record.scores[_ROWS[prop]])
    return int(np.nanargmax(sizes)) if np.isfinite(sizes).any() else 0


def follows(record: UnitRanking, prop: str, unit: int) -> bool:
    """Return whether ``unit`` follows the property clearly, and better than any unit does by chance."""
    return bool(abs(record.scores[_ROWS[prop], unit]) > max(CLEAR, record.chance[_ROWS[prop]] + BEYOND))


def ranking_finding(record: UnitRanking, name: str) -> str:
    """Return in words which properties some unit follows, and which none does."""
    best = {prop: best_unit(record, prop) for prop in PROPERTIES}
    followed = {prop: unit for prop, unit in best.items() if follows(record, prop, unit)}
    others = [f"“{PROPERTIES[prop].title}”" for prop in PROPERTIES if prop not in followed]
    if not followed:
        return f"No unit's {name} clearly follows any of these properties."
    top = max(followed, key=lambda prop: abs(record.scores[_ROWS[prop], followed[prop]]))
    rest = f"; none clearly follows {listed(others)}" if others else ""
    return f"Unit {followed[top]}'s {name} follows “{PROPERTIES[top].title}” closest of all{rest}."


def unit_finding(record: UnitRanking, prop: str, unit: int, name: str) -> str:
    """Return in words how well one unit follows a property; plainly so where it does not.

    Args:
        record: the scores.
        prop: the property, by its name in :data:`~seqviz.measures.properties.PROPERTIES`.
        unit: which unit.
        name: what a unit's value is called ("cell state").
    """
    row, what, best = _ROWS[prop], PROPERTIES[prop], best_unit(record, prop)
    score = float(record.scores[row, unit])
    if np.isnan(score):
        return f"Unit {unit}'s {name} cannot be tied to “{what.title}”: one of the two never changes."
    measured = (
        f"{_measured(record, row, unit)} on unseen text, where chance reaches {_amount(record.chance[row], what.yes_or_no)}"
    )
    if follows(record, prop, unit):
        verb = ("is high", "is low") if what.yes_or_no else ("rises", "falls")
        return f"Unit {unit}'s {name} {verb[score < 0]} {what.where}: {measured}."
    if unit == best:
        return f"No unit's {name} clearly follows “{what.title}”. Unit {unit} comes closest: {measured}."
    instead = f" Unit {best}'s does." if follows(record, prop, best) else " No other clearly does."
    return f"Unit {unit}'s {name} does not clearly follow “{what.title}”: {measured}.{instead}"


def unit_measure(record: UnitRanking, prop: str, unit: int) -> str:
    """Return how well ``unit`` follows a property, in a few words: "AUC 0.95"."""
    return _measured(record, _ROWS[prop], unit)


def unit_saturation_figure(record: UnitSaturation, *, layer: int = 0, direction: int = 0, unit: int | None = None) -> go.Figure:
    """Draw, for every unit, how often each of its gates is nearly shut and how often nearly open.

    Args:
        record: the shares.
        layer: which layer.
        direction: 0 forward, 1 backward.
        unit: one to mark.

    Source:
        Karpathy, Johnson & Fei-Fei (2015), figure 3, https://arxiv.org/abs/1506.02078
    """
    traces = []
    for gate in record.left:
        left, right = record.left[gate][layer, direction], record.right[gate][layer, direction]
        role, symbol = f"{gate} gate", SYMBOLS[gate]
        traces.append(
            go.Scatter(
                x=left, y=right, mode="markers", name=f"{gate} gate", customdata=np.arange(len(left)),
                marker={"size": 8, "opacity": 0.7, "symbol": symbol, "color": hue(role)},
                hovertemplate="unit %{customdata}<br>shut %{x:.1%}, open %{y:.1%} of the time<extra>%{fullData.name}</extra>",
            )
        )  # fmt: skip
        if unit is not None:
            traces.append(_ring([left[unit]], [right[unit]], f"unit {unit}, {gate} gate"))
    return figure(
        traces, saturation_sentence(record, layer, direction), x="shut: share of values < 0.1",
        y="open: share of values > 0.9", height=360, empty=not traces,
        xaxis={"range": [-0.03, 1.03], "tickformat": ".0%"}, yaxis={"range": [-0.03, 1.03], "tickformat": ".0%"},
    )  # fmt: skip


def saturation_sentence(record: UnitSaturation, layer: int = 0, direction: int = 0) -> str:
    """Return in words how many units keep each gate open or shut nearly all the time."""
    if not record.left:
        return "A plain RNN has no gates that could be open or shut."
    gate = next((gate for gate in KEEPERS if gate in record.left), next(iter(record.left)))
    shut = int((record.left[gate][layer, direction] >= MOSTLY).sum())
    opened = int((record.right[gate][layer, direction] >= MOSTLY).sum())
    units, verb = record.left[gate].shape[-1], "keeps" if opened == 1 else "keep"
    return f"{opened} of {units} units {verb} the {gate} gate open at nine of ten characters, and {shut} shut."


def _measured(record: UnitRanking, row: int, unit: int) -> str:
    claim = list(PROPERTIES.values())[row].yes_or_no
    return ("AUC " if claim else "rank correlation ") + _amount(abs(float(record.scores[row, unit])), claim)


def _amount(size: float, claim: bool) -> str:
    return f"{(size + 1) / 2 if claim else size:.2f}"


def _dots(x: np.ndarray, y: Sequence[str], words: Sequence[str]) -> go.Scatter:
    return go.Scatter(
        x=x, y=y, mode="markers", name="a unit", customdata=words,
        marker={"size": 8, "opacity": 0.5, "color": hue("unit")}, hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _ring(x: Sequence[float], y: Sequence[float | str], name: str) -> go.Scatter:
    return go.Scatter(
        x=x, y=y, mode="markers", name=name, showlegend=False, hoverinfo="skip", meta={"mark": name, "labels": [[name]]},
        marker={"symbol": "circle-open", "size": 16, "line": {"width": 3}, "color": hue("chosen")},
    )  # fmt: skip
