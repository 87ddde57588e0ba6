"""What a study of the ways to attend found: a dot for each seed, a line at each median."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import figure, hue, ticked
from seqviz.language.words import listed, number

Values = Mapping[str, np.ndarray]  # arm → what was measured, seed by seed

ARMS: Mapping[str, str] = {
    "additive": "additive",
    "dot": "dot",
    "general": "general",
    "scaled": "scaled dot",
    "none": "no attention",
}
ROLE_OF: Mapping[str, str] = {
    "additive": "additive scores", "dot": "dot scores", "general": "general scores", "scaled": "scaled scores",
    "none": "no scores",
}  # fmt: skip

ONE_WORD = 0.05  # nats: below what a weight of 0.99 and one of 0.01 have, which is 0.056
_SPREAD = 0.16  # how far from its arm's line the dots of several seeds are, upwards and downwards


def exact_match_figure(exact: Values) -> go.Figure:
    """Draw the share of held-out sentences that come out without a mistake."""
    return _strip(exact, _exact_finding(exact), "sentences without a mistake", tickformat=".0%")


def bleu_figure(scores: Values) -> go.Figure:
    """Draw BLEU on held-out sentences, from 0 to 100."""
    best, worst = _ends(scores)
    said = f"BLEU: the highest median is {_told(scores, best, '.1f')}; the lowest {_told(scores, worst, '.1f')}."
    return _strip(scores, said, "BLEU")


def alignment_error_figure(errors: Values, near: Values, floor: float) -> go.Figure:
    """Draw how far the strongest attention is from the grammar's own links.

    Args:
        errors: alignment error rates.
        near: the same where a link one source position off counts as found.
        floor: the least that any network can reach which names one word for each word written.
    """
    best = min(errors, key=lambda arm: float(np.median(errors[arm])))
    closest = min(near, key=lambda arm: float(np.median(near[arm])))
    said = (
        f"Alignment: {ARMS[best]} is the closest to the grammar’s links, median error {number(float(np.median(errors[best])))} "
        f"(one word a look cannot get below {number(floor)}); with one position off forgiven, {ARMS[closest]}, "
        f"{number(float(np.median(near[closest])))}."
    )
    strip = _strip(errors, said, "alignment error rate", rangemode="tozero")
    strip.add_traces([_dots(arm, near[arm], place, near=True) for place, arm in enumerate(errors)])
    strip.add_vline(x=floor, line={"color": hue("floor"), "dash": "dash", "width": 1.5})
    return strip


def entropy_figure(entropies: Values) -> go.Figure:
    """Draw the mean entropy of attention, in nats."""
    spread, sharp = _ends(entropies)
    most = float(np.median(entropies[spread[0]]))
    least = float(np.median(entropies[sharp[0]]))
    looks = "looks at one word" if least <= ONE_WORD else "is the sharpest"
    said = (
        f"Entropy: {ARMS[sharp[0]]} {looks} ({least:.2g} nats); {ARMS[spread[0]]} spreads the most ({most:.2g} nats, as "
        f"much as {np.exp(most):.2g} words in equal parts)."
    )
    return _strip(entropies, said, "entropy of attention (nats)", rangemode="tozero")


def parameters_figure(parameters: Values) -> go.Figure:
    """Draw how many weights a network has."""
    most, fewest = _ends(parameters)
    high, low = (float(np.median(parameters[each[0]])) for each in (most, fewest))
    has = "has" if len(most) == 1 else "have"
    said = (
        f"Weights: {listed([ARMS[arm] for arm in most])} {has} the most, {high:,.0f}, {number(high / low)} times as many as "
        f"{listed([ARMS[arm] for arm in fewest])}."
    )
    return _strip(parameters, said, "weights", rangemode="tozero")


def speed_figure(speeds: Values, reference: str = "none") -> go.Figure:
    """Draw how many training steps are done while ``reference`` does one."""
    others = {arm: values for arm, values in speeds.items() if arm != reference}
    fast, slow = _ends(others)
    said = (
        f"Speed: while {ARMS[reference]} trains one step, {ARMS[slow[0]]} trains {_told(others, slow, '.2f', named=False)}, "
        f"{ARMS[fast[0]]} {_told(others, fast, '.2f', named=False)}."
    )
    return _strip(speeds, said, f"training steps, {ARMS[reference]} = 1", rangemode="tozero")


def _exact_finding(exact: Values) -> str:
    medians = {arm: float(np.median(values)) for arm, values in exact.items()}
    ranges = {arm: float(np.ptp(values)) for arm, values in exact.items() if arm != "none"}
    attending = [medians[arm] for arm in ranges]
    counts = sorted({len(values) for values in exact.values()})
    seeds = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    apart = f"the four medians differ by {_points(max(attending) - min(attending))} points"
    wide, narrow = max(ranges, key=ranges.__getitem__), min(ranges, key=ranges.__getitem__)
    if ranges[wide] > ranges[narrow]:
        apart += f", the seeds of {ARMS[wide]} alone by {_points(ranges[wide])}"
        apart += f", those of {ARMS[narrow]} by {_points(ranges[narrow])}"
    return _whole(medians["none"], attending, seeds, apart)


def _points(share: float) -> str:
    return f"{100 * share:.1f}"


def _whole(without: float, attending: list[float], seeds: str, apart: str) -> str:
    many = "one seed" if seeds == "1" else f"median of {seeds} seeds"
    return (
        f"Without attention {100 * without:.0f} % of the sentences come out without a mistake, with it between "
        f"{100 * min(attending):.0f} and {100 * max(attending):.0f} % ({many}); {apart}."
    )


def _ends(values: Values) -> tuple[list[str], list[str]]:
    """Return the arms with the highest median, and those with the lowest."""
    medians = {arm: float(np.median(each)) for arm, each in values.items()}
    high, low = max(medians.values()), min(medians.values())
    return [arm for arm in medians if medians[arm] == high], [arm for arm in medians if medians[arm] == low]


def _told(values: Values, arms: list[str], form: str, *, named: bool = True) -> str:
    median = format(float(np.median(values[arms[0]])), form)
    return f"{median} ({listed([ARMS[arm] for arm in arms])})" if named else median


def _strip(values: Values, finding: str, x: str, **axis: Any) -> go.Figure:
    arms = list(values)
    traces: list[Any] = [_range(arm, values[arm], place) for place, arm in enumerate(arms) if len(values[arm]) > 1]
    traces += [_dots(arm, values[arm], place) for place, arm in enumerate(arms)]
    traces += [_median(arm, values[arm], place) for place, arm in enumerate(arms)]
    ticks = ticked([ARMS[arm] for arm in arms])
    return figure(
        traces, finding, x=x, y="", height=230, showlegend=False, xaxis=axis,
        yaxis={**ticks, "range": [len(arms) - 0.5, -0.5], "zeroline": False}, margin={"l": 96, "r": 16, "t": 12, "b": 48},
    )  # fmt: skip


def _dots(arm: str, values: np.ndarray, place: int, *, near: bool = False) -> go.Scatter:
    offsets = np.linspace(-_SPREAD, _SPREAD, len(values)) if len(values) > 1 else np.zeros(1)
    what = " within one position" if near else ""
    return go.Scatter(
        x=values, y=place + offsets, mode="markers", name=f"{ARMS[arm]}{what}", customdata=np.arange(len(values)),
        marker={"color": hue(ROLE_OF[arm]), "size": 8, "symbol": "circle-open" if near else "circle"},
        hovertemplate=f"{ARMS[arm]}{what}, seed %{{customdata}}: %{{x:.4g}}<extra></extra>",
    )  # fmt: skip


def _range(arm: str, values: np.ndarray, place: int) -> go.Scatter:
    return go.Scatter(
        x=[values.min(), values.max()], y=[place, place], mode="lines", name=f"{ARMS[arm]}, range", opacity=0.3,
        line={"color": hue(ROLE_OF[arm]), "width": 9}, hoverinfo="skip",
    )  # fmt: skip


def _median(arm: str, values: np.ndarray, place: int) -> go.Scatter:
    median = float(np.median(values))
    return go.Scatter(
        x=[median, median], y=[place - 0.32, place + 0.32], mode="lines", name=f"{ARMS[arm]}, median",
        line={"color": hue(ROLE_OF[arm]), "width": 2}, hovertemplate=f"{ARMS[arm]}, median: %{{x:.4g}}<extra></extra>",
    )  # fmt: skip
