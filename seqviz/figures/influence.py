"""Figures of influence by distance, of what language models remember by distance, and of the words of one sentence."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.chance import chance_band
from seqviz.figures.look import colour_of, decades, dotted, faint, figure, hue, lines, name_of, powers_of_ten
from seqviz.language.words import change, listed, percent, ratio
from seqviz.records import DependencyAccuracy, InputInfluence, WordInfluence

FOUND = 0.9  # of the words: fewer, and a network is said to miss some
Panel = tuple[str, str]  # ("with" | "without", "before" | "after")
WITH: Mapping[str, str] = {"with": "with a dependency", "without": "without one"}
WHEN: Mapping[str, str] = {"before": "before training", "after": "after training"}
# The panels by the numbers of their axes: (right, below). The first axes, whose titles head the CSV, are at the edge.
PLACES = {"3": (False, False), "4": (True, False), "": (False, True), "2": (True, True)}
MEASURES = (
    ("jacobians", "answer’s Jacobian ‖∂logits/∂x‖", "answer's jacobian", "solid"),
    ("gradients", "loss gradient ‖∂L/∂x‖", "loss gradient", "dot"),
)
HARDLY = 0.05  # nats: less than this is called hardly any influence


def lag_figure(records: Mapping[Panel, InputInfluence], lag: int) -> go.Figure:
    """Draw four panels: with and without a dependency, before and after training; both measures by distance.

    Args:
        records: of the same sequences' shape, by panel.
        lag: the distance at which the dependency is, or would be.
    """
    panels = list(zip(PLACES, records.items(), strict=False))
    drawn = figure(
        [*(trace for number, (panel, record) in panels for trace in _panel(panel, record, number)), _lag_sign(lag)],
        lag_finding(records, lag), x="steps back", y="norm", height=560, empty=not panels,
        annotations=[_note(panel, number) for number, (panel, _) in panels],
        shapes=[_line(lag, number) for number, _ in panels], **_axes(records),
    )  # fmt: skip
    drawn.update_layout(xaxis2_title_text="steps back", yaxis3_title_text="norm", margin_t=44)
    return drawn


def _axes(records: Mapping[Panel, InputInfluence]) -> dict[str, Any]:
    """Return four pairs of axes in two rows, all with the ranges of the first; only those at the edge have numbers."""
    low, high = decades([typical(record, field) for record in records.values() for field, *_ in MEASURES])
    logarithmic = {"range": [low - 0.3, high + 0.3], **powers_of_ten(low, high)}
    layout: dict[str, Any] = {}
    for number, (right, below) in PLACES.items():
        layout[f"xaxis{number}"] = {
            "domain": [0.53 * right, 0.47 + 0.53 * right], "anchor": f"y{number}", "showticklabels": below,
            "matches": "x" if number else None,
        }  # fmt: skip
        layout[f"yaxis{number}"] = logarithmic | {
            "domain": [0.53 - 0.53 * below, 0.93 - 0.53 * below], "anchor": f"x{number}", "showticklabels": not right,
            "matches": "y" if number else None,
        }  # fmt: skip
    return layout


def typical(record: InputInfluence, field: str) -> np.ndarray:
    """Return the median over sequences of the norms called ``field``, distance by distance."""
    norms: np.ndarray = np.median(getattr(record, field), axis=0)
    return norms


def lag_finding(records: Mapping[Panel, InputInfluence], lag: int) -> str:
    """Return in words what training does to both measures at the lag, with a dependency and without."""
    told = [
        f"{words}, the answer’s Jacobian {_became(records, which, 'jacobians', lag)} and the loss gradient "
        f"{_became(records, which, 'gradients', lag)}"
        for which, words in WITH.items()
    ]
    return f"What training does {lag} steps back: {'; '.join(told)}."


def jacobian_ratio(records: Mapping[Panel, InputInfluence], lag: int) -> float:
    """Return how many times as large training makes the answer's Jacobian at the lag where there is a dependency."""
    return _grown(records, "with", "jacobians", lag)


def _became(records: Mapping[Panel, InputInfluence], which: str, field: str, lag: int) -> str:
    return change(_grown(records, which, field, lag))


def _grown(records: Mapping[Panel, InputInfluence], which: str, field: str, lag: int) -> float:
    after, before = (float(typical(records[which, when], field)[lag]) for when in ("after", "before"))
    return ratio(after, before)


def _panel(panel: Panel, record: InputInfluence, number: str) -> list[go.Scatter]:
    distance = np.arange(record.jacobians.shape[1])
    return [
        lines(
            title, distance, typical(record, field), colour=hue(role), dash=dash, xaxis=f"x{number}", yaxis=f"y{number}",
            showlegend=number == "", legendgroup=field,
            hovertemplate=f"{title}<br>{_named(panel)}<br>%{{x}} steps back: %{{y:.4g}}<extra></extra>",
        )
        for field, title, role, dash in MEASURES
    ]  # fmt: skip


def _named(panel: Panel) -> str:
    return f"{WITH[panel[0]]}, {WHEN[panel[1]]}"


def _note(panel: Panel, number: str) -> dict[str, Any]:
    data, when = WITH[panel[0]], WHEN[panel[1]]
    text = f"{data[:1].upper()}{data[1:]},<br>{when}"
    return {
        "text": text, "align": "left", "xref": f"x{number} domain", "yref": f"y{number} domain", "x": 0, "y": 1,
        "xanchor": "left", "yanchor": "bottom", "showarrow": False,
    }  # fmt: skip


def _line(lag: int, number: str) -> dict[str, Any]:
    return {
        "type": "line", "xref": f"x{number}", "yref": f"y{number} domain", "x0": lag, "x1": lag, "y0": 0, "y1": 1,
        "line": {"color": hue("lag"), "width": 1.5, "dash": "dash"},
    }  # fmt: skip


def _lag_sign(lag: int) -> go.Scatter:
    """The dashed line's name in the legend, by a point without a height."""
    return go.Scatter(
        x=[0], y=[None], name=f"{lag} steps back: the lag", mode="lines", hoverinfo="skip",
        line={"color": hue("lag"), "width": 1.5, "dash": "dash"},
    )  # fmt: skip


class Place(NamedTuple):
    """What is marked among the distances."""

    fillers: int
    learned: int  # the most fillers that were learned from


def accuracy_figure(records: Mapping[str, DependencyAccuracy], place: Place, chance: float) -> go.Figure:
    """Draw the share of held-out sentences whose decided word is found, by distance, network by network.

    Args:
        records: by cell.
        place: the distance marked, and how far was learned.
        chance: the share that guessing among the words of the class finds.
    """
    traces: list[Any] = []
    for index, (cell, record) in enumerate(records.items()):
        colour = colour_of(cell, index)
        traces += [*chance_band(name_of(cell), record.fillers, _counted(record), colour), _curve(cell, record, colour)]
    drawn = figure(
        traces, accuracy_finding(records, place, chance), x="fillers between", y="decided word found (%)", height=330,
        empty=not records, yaxis={"range": [-3, 114], "tickvals": [0, 20, 40, 60, 80, 100]},
    )  # fmt: skip
    drawn.add_hline(y=100 * chance, line={"color": hue("reference"), "width": 1, "dash": "longdash"})
    drawn.update_layout(legend_traceorder="normal")
    for record in list(records.values())[:1]:
        between = record.fillers
        drawn.add_vline(x=int(between[place.fillers]), line=dotted())
        if place.learned < len(between) - 1:
            drawn.add_vrect(
                x0=float(between[place.learned : place.learned + 2].mean()), x1=float(between[-1]) + 1, line_width=0,
                fillcolor=faint(hue("beyond learned")), layer="below", annotation_text="further than any learned from",
                annotation_position="top right",
            )  # fmt: skip
    return drawn


def accuracy_finding(records: Mapping[str, DependencyAccuracy], place: Place, chance: float) -> str:
    """Return in words how often the decided word is found next to the deciding one, and at the distance marked."""
    if not records:
        return "No network is chosen."
    first, *others = [_shares(records, fillers) for fillers in dict.fromkeys((0, place.fillers))]
    by = [f"{percent} by the {name_of(cell)}" for cell, percent in first[1].items()]
    told = [
        f"with {first[0]} between in {listed(by)}",
        *(f"with {gap} in {listed(list(rest.values()))}" for gap, rest in others),
    ]
    lost = f"{_first_missed(records)}{_lost_at_once(records)}"
    return f"Of held-out sentences, the word is found {'; '.join(told)}; guessing finds {100 * chance:.3g} %.{lost}"


def _first_missed(records: Mapping[str, DependencyAccuracy]) -> str:
    """Return at which distance each network first misses words, the nearest first, and which never do."""
    missed: dict[int, list[str]] = {}
    for cell, record in records.items():
        few = np.flatnonzero(record.right < FOUND * record.of)
        missed.setdefault(int(few[0]) if few.size else len(record.right), []).append(f"the {name_of(cell)}")
    last = len(next(iter(records.values())).right)
    never = missed.pop(last, [])
    most = _fillers(records, last - 1)
    if not missed:
        return f" With up to {most} between, {listed(never)} find{'s' * (len(never) == 1)} at least {FOUND:.0%}."
    told = [f"with {_fillers(records, at)} by {listed(missed[at])}" for at in sorted(missed)]
    told += [f"not even with {most} by {listed(never)}"] if never else []
    return f" Fewer than {FOUND:.0%} are found first {'; '.join(told)}."


def _lost_at_once(records: Mapping[str, DependencyAccuracy]) -> str:
    """Return which networks miss words without any filler, and how many words are between even then."""
    missing = [f"the {name_of(cell)}" for cell, record in records.items() if share(record, 0) < FOUND]
    between = int(next(iter(records.values())).distances[0]) - 1
    if not missing or not between:
        return ""
    stand = "1 word stands" if between == 1 else f"{between} words stand"
    return f" Even with no filler {stand} between, and {listed(missing)} {'misses' if len(missing) == 1 else 'miss'} some."


def _shares(records: Mapping[str, DependencyAccuracy], fillers: int) -> tuple[str, dict[str, str]]:
    found = {cell: f"{100 * share(record, fillers):.0f} %" for cell, record in records.items()}
    return _fillers(records, fillers), found


def _fillers(records: Mapping[str, DependencyAccuracy], at: int) -> str:
    between = int(next(iter(records.values())).fillers[at])
    return f"{between or 'no'} filler{'s' * (between > 1)}"


def _counted(record: DependencyAccuracy) -> list[tuple[int, int]]:
    return [(int(count), record.of) for count in record.right]


def share(record: DependencyAccuracy, fillers: int) -> float:
    """Return the share found with so many fillers between."""
    return float(record.right[fillers]) / record.of


def _curve(cell: str, record: DependencyAccuracy, colour: str) -> go.Scatter:
    between, right = record.fillers, record.right
    columns = zip(between.tolist(), (record.distances - 1).tolist(), right.tolist(), strict=True)
    said = [f"fillers between: {gap} ({words} words): {count} of {record.of}" for gap, words, count in columns]
    return go.Scatter(
        x=between, y=100 * right / record.of, name=name_of(cell), mode="lines+markers", customdata=said,
        line={"color": colour, "width": 2.5}, marker={"color": colour, "size": 7},
        hovertemplate="%{fullData.name}<br>%{customdata} (%{y:.1f} %)<extra></extra>",
    )  # fmt: skip


class Cue(NamedTuple):
    """The word that decides which one is asked for."""

    place: int
    fillers: int  # between both


def influence_finding(records: Mapping[str, WordInfluence], measure: str, cue: Cue | None) -> str:
    """Return what the deciding word does to the predicted one in each network; without one, which word does most.

    Args:
        records: by cell, of the same sentence.
        measure: "gradient" or "replaced".
        cue: the word that decides, where it is known.
    """
    if not records:
        return "No network is chosen."
    one = next(iter(records.values()))
    if cue is None:
        told = "; ".join(_strongest(cell, record, measure) for cell, record in records.items())
        return f"I{told[1:]}."
    place = f"“{one.words[cue.place]}”, {_with_fillers(cue.fillers)} between it and “{one.asked}”"
    values = _listed(records, measure, cue)
    if measure == "gradient":
        return f"{place}: gradient × input gives its influence on the log-probability as {values} (nats)."
    return f"{place}, being there rather than another of its class, moves its log-probability by {values} (nats)."


def other_measure(records: Mapping[str, WordInfluence], measure: str, cue: Cue) -> str:
    """Return what the measure that is not shown says of the deciding word, and in which networks the signs are opposite."""
    other, name = ("gradient", "Gradient × input") if measure == "replaced" else ("replaced", "Replacing the word")
    word = next(iter(records.values())).words[cue.place]
    told = f"{name} says of “{word}”: {_listed(records, other, cue)}."
    opposed = [
        f"the {name_of(cell)}"
        for cell, record in records.items()
        if _shown(record.products[-1, cue.place]) * _shown(record.changes[-1, cue.place]) < 0
    ]
    return f"{told} In {listed(opposed)}, both have opposite signs." if opposed else told


def _listed(records: Mapping[str, WordInfluence], measure: str, cue: Cue) -> str:
    return listed(
        [
            f"{_signed(float(record.measured(measure)[-1, cue.place]))} in the {name_of(cell)}"
            for cell, record in records.items()
        ]
    )


def _strongest(cell: str, record: WordInfluence, measure: str) -> str:
    values, title = record.measured(measure)[-1], name_of(cell)
    at = int(np.abs(values).argmax())
    if abs(values[at]) < HARDLY:
        measured = "by gradient × input, " if measure == "gradient" else ""
        return f"in the {title}, {measured}hardly any word moves “{record.asked}”"
    place, value = f"“{record.words[at]}” ({_words_before(len(values) - at)} before)", _signed(float(values[at]))
    if measure == "replaced":
        return f"in the {title}, {place} moves “{record.asked}” most: {value} nats"
    exact = record.changes[-1, at]
    opposed = f", against {_signed(float(exact))} where the word is replaced" if _shown(exact) * _shown(values[at]) < 0 else ""
    return f"in the {title}, gradient × input on “{record.asked}” is largest for {place}: {value} nats{opposed}"


def predicted_words(cell: str, record: WordInfluence) -> str:
    """Return what a network would write next, and how likely it finds the word asked for."""
    told = ", ".join(f"{word} {percent(share)}" for word, share in record.likeliest[:3])
    asked = "" if record.asked == record.likeliest[0][0] else f"; “{record.asked}” {percent(record.probability)}"
    return f"{name_of(cell)} expects {told}{asked}"


def _shown(value: float) -> float:
    """Return ``value`` as it is written: what is written as 0 has no sign."""
    return float(value) if abs(value) >= 0.005 else 0.0


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{value:.2f}" if _shown(value) else "0.00"


def _with_fillers(count: int) -> str:
    return "with no filler" if count == 0 else "with 1 filler" if count == 1 else f"with {count} fillers"


def _words_before(count: int) -> str:
    return "1 word" if count == 1 else f"{count} words"
