"""What trainings cost, on one log axis: published models, shipped runs, and the person's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from seqviz.experiment.cost import PUBLISHED, Published
from seqviz.figures.look import decades, figure, hue, literal, powers_of_ten
from seqviz.language.words import number
from seqviz.records import TrainingCost
from seqviz.records.cost import SECONDS_A_DAY, Span

DAYS, OPERATIONS = "days", "operations"  # what is counted
ALONE, RANGED = 10, 6  # pixels of a mark: of a single value, and in the middle of a range

COMES, OWN = "with this app", "you, here"
NOTHING = "nothing yet"
UNCOUNTED = "what was trained cannot be counted"


class Look(NamedTuple):
    """How a device's costs are drawn."""

    title: str
    role: str
    symbol: str


DEVICES: Mapping[str, Look] = {
    "GPU": Look("GPU", "gpu", "circle"),
    "TPU": Look("TPU", "tpu", "diamond"),
    "worker": Look("worker of this app", "worker", "square"),
}
TICKS: Mapping[str, float] = {
    "1 s": 1 / SECONDS_A_DAY, "1 min": 60 / SECONDS_A_DAY, "1 h": 1 / 24, "1 day": 1, "1 year": 365,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the chart."""

    label: str
    costs: Sequence[TrainingCost]
    empty: str  # the text in place of marks where nothing can be drawn


def cost_figure(
    shipped: Sequence[TrainingCost], own: Sequence[TrainingCost], *, against: str = "gpt2", count: str = DAYS
) -> go.Figure:
    """Draw each training as a mark on a log axis, and the sum of a row of several as a bar across it.

    Args:
        shipped: the runs that come with the app.
        own: the reader's own.
        against: the published model that the title compares with.
        count: ``days`` of one device, or ``operations``.
    """
    rows = [_row(one) for one in reversed(list(PUBLISHED.values()))]
    rows += [
        Row(label=label, costs=costs, empty=UNCOUNTED if costs else NOTHING) for label, costs in ((COMES, shipped), (OWN, own))
    ]
    held = [np.array(span) for row in rows for span in (*_spans(row.costs, count), *_sums(row, count))]
    traces = [*_marks(rows, count), *_ranges(rows, count), *_bars(rows, count)]
    low, high = decades(held)
    axis = (
        powers_of_ten(low, high)
        if count == OPERATIONS
        else {"type": "log", "tickvals": list(TICKS.values()), "ticktext": list(TICKS)}
    )
    return figure(
        traces, cost_finding(shipped, own, against=against, count=count), height=400,
        x="time of one device" if count == DAYS else "floating-point operations, about", y="",
        xaxis={**axis, "range": [low - 0.5, high + 0.5]}, annotations=_notes(rows, count, low),
        yaxis={"categoryorder": "array", "categoryarray": [row.label for row in reversed(rows)], "range": [-0.6, 5.6]},
        margin={"l": 92, "r": 16, "t": 36, "b": 52},
    )  # fmt: skip


def cost_finding(
    shipped: Sequence[TrainingCost], own: Sequence[TrainingCost], *, against: str = "gpt2", count: str = DAYS
) -> str:
    """Return in words how a published model's training compares with what was trained here."""
    published = PUBLISHED[against]
    spans = _spans(published.costs[:1], count)
    if not spans:
        return f"How many operations {published.title}'s training took is not known: {published.unknown}."
    taken = _taken(published.costs[0], spans[0], count)
    here = _runs(own, count, "you trained here") if _spans(own, count) else _runs(shipped, count, "came with this app")
    in_all = " in all" if len(_spans(own, count) or _spans(shipped, count)) > 1 else ""
    total = _total(own, count) or _total(shipped, count)
    if total is None:
        return f"{published.title}'s training took {taken}."
    times = " to ".join(dict.fromkeys(_round(each / end) for each, end in zip(spans[0], reversed(total), strict=True)))
    told = f"{times} times as {_much(count)} as {here} ({_size(total[0], count)}{in_all})"
    return f"{published.title}'s training took {taken}: {told}."


def duration(days: float) -> str:
    """Return ``days`` as one says them.

    >>> duration(12 / 86400), duration(0.05), duration(1), duration(240), duration(2048)
    ('12 s', '1.2 h', '1 day', '240 days', '5.6 years')
    """
    seconds = days * SECONDS_A_DAY
    units = (
        ("s", 1.0, 120),
        ("min", 60.0, 60),
        ("h", 3600.0, 24),
        ("days", SECONDS_A_DAY, 730),
        ("years", 365 * SECONDS_A_DAY, np.inf),
    )
    name, size = next((name, size) for name, size, most in units if seconds / size < most)
    value = f"{seconds / size:.0f}" if seconds / size >= 10 or name == "s" else f"{seconds / size:.2g}"
    return "1 day" if (value, name) == ("1", "days") else f"{value} {name}"


def _row(published: Published) -> Row:
    label = f"{published.title}<br>{published.month:%b %Y}"
    return Row(label=label, costs=published.costs, empty=f"unknown: {published.unknown}")


def _marks(rows: Sequence[Row], count: str) -> list[go.Scatter]:
    """Return a trace of marks for each device, in the middle where a range is said."""
    traces = []
    for device, look in DEVICES.items():
        held = [(row.label, cost, span) for row in rows for cost, span in _known(row.costs, count) if cost.device == device]
        middles = [sqrt(low * high) for _, _, (low, high) in held]
        if held:
            traces.append(
                go.Scatter(
                    x=middles, y=[label for label, _, _ in held], mode="markers", name=look.title,
                    marker={
                        "symbol": look.symbol, "color": hue(look.role), "opacity": 0.75,
                        "size": [RANGED if low < high else ALONE for _, _, (low, high) in held],
                    },
                    customdata=[_hover(cost, span, count) for _, cost, span in held],
                    hovertemplate="%{customdata}<extra></extra>",
                )
            )  # fmt: skip
    return traces


def _ranges(rows: Sequence[Row], count: str) -> list[go.Scatter]:
    """Return the ranges, above the marks; their ends show where a mark is wider than the range."""
    held = [(row.label, cost.device, span) for row in rows for cost, span in _known(row.costs, count) if span[0] < span[1]]
    return [
        go.Scatter(
            x=list(span), y=[label] * 2, mode="lines+markers", name=f"{DEVICES[device].title}, range", showlegend=False,
            hoverinfo="skip", line={"color": hue(DEVICES[device].role), "width": 2},
            marker={"symbol": "line-ns-open", "size": 2 * ALONE, "line": {"width": 2, "color": hue(DEVICES[device].role)}},
        )
        for label, device, span in held
    ]  # fmt: skip


def _bars(rows: Sequence[Row], count: str) -> list[go.Scatter]:
    """Return the sums of the rows that hold several trainings."""
    sums = [(row.label, span, len(_spans(row.costs, count))) for row in rows for span in _sums(row, count)]
    if not sums:
        return []
    return [
        go.Scatter(
            x=[low for _, (low, _), _ in sums], y=[label for label, _, _ in sums], mode="markers", name="all of a row together",
            marker={"symbol": "line-ns-open", "size": 26, "color": hue("sum"), "line": {"width": 3}},
            customdata=[f"{runs} runs together: {_size(low, count)}" for _, (low, _), runs in sums],
            hovertemplate="%{customdata}<extra></extra>",
        )
    ]  # fmt: skip


def _notes(rows: Sequence[Row], count: str, low: float) -> list[dict[str, object]]:
    empty = [row for row in rows if not _spans(row.costs, count)]
    return [
        {
            "x": low - 0.4, "y": row.label, "text": row.empty, "showarrow": False, "xanchor": "left", "yshift": 9,
            "font": {"color": hue("note"), "size": 12},
        }
        for row in empty
    ]  # fmt: skip


def _known(costs: Iterable[TrainingCost], count: str) -> list[tuple[TrainingCost, Span]]:
    read = [(cost, cost.days if count == DAYS else cost.operations) for cost in costs]
    return [(cost, span) for cost, span in read if span is not None]


def _spans(costs: Iterable[TrainingCost], count: str) -> list[Span]:
    return [span for _, span in _known(costs, count)]


def _sums(row: Row, count: str) -> list[Span]:
    total = _total(row.costs, count) if row.label in (COMES, OWN) and len(_spans(row.costs, count)) > 1 else None
    return [] if total is None else [total]


def _total(costs: Sequence[TrainingCost], count: str) -> Span | None:
    spans = _spans(costs, count)
    return (sum(low for low, _ in spans), sum(high for _, high in spans)) if spans else None


def _runs(costs: Sequence[TrainingCost], count: str, whose: str) -> str:
    known = len(_spans(costs, count))
    counted = f"the {'run' if known == 1 else f'{known} runs'} that {whose}"
    return counted if known == len(costs) else f"{counted} and that can be counted"


def _taken(cost: TrainingCost, span: Span, count: str) -> str:
    if count == OPERATIONS:
        return f"about {' to '.join(dict.fromkeys(map(number, span)))} operations"
    said = f"{'about ' if cost.about else ''}{span[0]:,.0f} {cost.device} {'day' if span[0] == 1 else 'days'}"
    return f"{said} ({duration(span[0])} of one)" if span[0] > 730 else said


def _round(ratio: float) -> str:
    """Return how many times, with two significant digits and without a power of ten where it can be read.

    >>> _round(31_234), _round(0.25), _round(8.9e9)
    ('31,000', '0.25', '8.9·10⁹')
    """
    return f"{float(f'{ratio:.1e}'):,.0f}" if 1e3 <= ratio < 1e6 else number(ratio)


def _much(count: str) -> str:
    return "long" if count == DAYS else "many"


def _size(value: float, count: str) -> str:
    return duration(value) if count == DAYS else f"about {number(value)} operations"


def _hover(cost: TrainingCost, span: Span, count: str) -> str:
    low, high = (f"{_size(end, count)}" for end in span)
    device = f" of a {DEVICES[cost.device].title}" if count == DAYS else ""
    said = f"{literal(cost.name)}: {low if low == high else f'{low} to {high}'}{device}"
    return f"{said}<br>{literal(cost.told)}" if cost.told else said
