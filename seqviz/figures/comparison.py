"""Figures that compare translators: how good, how large and how fast they are, how they learn, where they look."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.corpora.bleu import NO_RUNS
from seqviz.figures.chance import differ, wilson_interval
from seqviz.figures.look import faint, figure, hue, literal, reference, ticked
from seqviz.language.words import listed, number
from seqviz.records import ComparedTranslator, HeadAlignment, Probes

# Without attention, with it, a Transformer; then the reader's own.
ROLES_IN_TURN = ("translator", "attending translator", "transformer", "first own", "second own", "third own")
LONGEST_TICK = 26  # characters beside an axis
ALL_SHOWN = 1.04  # the end of an axis of shares, so that 100 % can be written below it on a phone
GOOD = 0.9  # the share of sentences named in the title

Rows = Sequence[ComparedTranslator]
Value = Callable[[ComparedTranslator], np.ndarray]  # seed by seed; empty where there is none


def held_out_figure(rows: Rows) -> go.Figure:
    """Draw the share of held-out sentences without a mistake, seed by seed, and the interval that chance leaves the median."""
    whiskers = [_whisker(row, at) for at, row in enumerate(rows)]
    shown = [min((float(each.x[0]) for each in whiskers), default=0.0) - 0.02, ALL_SHOWN]
    drawn = _strip(rows, _exact, held_out_finding(rows), "sentences without a mistake", tickformat=".0%", range=shown)
    drawn.add_traces(whiskers)
    return drawn


def held_out_finding(rows: Rows) -> str:
    """Return in words how many sentences each gets right, and whether seeds or chance may have put the best two in order."""
    if not rows:
        return "No network is chosen."
    ranked = sorted(rows, key=_middle(_exact), reverse=True)
    counts = {row.of for row in rows}
    of = f"Of {counts.pop():,} held-out sentences" if len(counts) == 1 else "Of held-out sentences"
    told = listed([f"{100 * _middle(_exact)(row):.1f} % by the {row.label}" for row in ranked])
    said = f"{of}, written without a mistake: {told}{_seeds(rows)}"
    return f"{said}." if len(ranked) == 1 else f"{said}; {_apart(*ranked[:2])}."


def _apart(best: ComparedTranslator, second: ComparedTranslator) -> str:
    """Return in words whether the order of the best two would hold."""
    if len(best.exact) > 1 and len(second.exact) > 1:
        if best.exact.min() > second.exact.max():
            return f"every seed of the {best.label} does better than every seed of the {second.label}"
        return "seeds of the best two overlap"
    beyond = differ(*((_right(row), row.of) for row in (best, second)))
    return "the best two differ by more than chance" if beyond else "chance alone may part the best two"


def _seeds(rows: Rows) -> str:
    counts = sorted({len(row.exact) for row in rows} - {1})
    return f" (medians of {counts[0]} seeds)" if counts else ""


def bleu_figure(rows: Rows) -> go.Figure:
    """Draw BLEU on held-out sentences, from 0 to 100."""
    counted = [row for row in rows if len(_bleu(row))]
    if rows and not counted:
        return figure([], f"{NO_RUNS}.", x="BLEU", y="", height=120, empty=True)
    drawn = _strip(rows, _bleu, f"BLEU: {_ranked(counted, _bleu, '{:.1f}', highest=True)}.", "BLEU")
    return _without(drawn, rows, _bleu, "no run of four words")


def alignment_figure(rows: Rows, floor: float) -> go.Figure:
    """Draw alignment error rates; of a Transformer, that of the mean over the last layer's heads.

    Args:
        rows: those that attend are drawn.
        floor: the least that any network can reach which names one word for each word written.
    """
    attending = [row for row in rows if row.alignment_error is not None]
    if not attending:
        return figure([], "None of them attends.", x="alignment error rate", y="", height=120, empty=True)
    said = (
        f"Alignment error: {_ranked(attending, _error, '{:.3f}', highest=False)}; one word a look cannot get below {floor:.3f}."
    )
    drawn = _strip(rows, _error, said, "alignment error rate", rangemode="tozero")
    drawn.add_vline(x=floor, line={"color": hue("floor"), "dash": "dash", "width": 1.5})
    return _without(drawn, rows, _error, "does not attend")


def parameters_figure(rows: Rows) -> go.Figure:
    """Draw how many weights each has."""
    said = f"Weights: {_ranked(rows, _weights, '{:,.0f}', highest=False)}."
    return _strip(rows, _weights, said, "weights", rangemode="tozero")


def pace_figure(rows: Rows) -> go.Figure:
    """Draw the milliseconds of one training step."""
    said = f"One training step: {_ranked(rows, _milliseconds, '{:.0f} ms', highest=False)}."
    return _strip(rows, _milliseconds, said, "milliseconds a training step", rangemode="tozero")


def learning_figure(
    runs: Mapping[str, Probes], step_seconds: Mapping[str, float] | None, *, roles: Sequence[str] = ROLES_IN_TURN
) -> go.Figure:
    """Draw the share of held-out sentences without a mistake while each network learns.

    Args:
        runs: what each recorded, by label.
        step_seconds: of a training step, by label: then by seconds; None: by training steps.
        roles: of the colours, label by label.
    """
    traces = []
    for index, (label, run) in enumerate(runs.items()):
        x = run.step if step_seconds is None else run.step * step_seconds[label]
        what = "step %{x:,}" if step_seconds is None else "%{x:.0f} s"
        traces.append(
            go.Scatter(
                x=x, y=run.exact, name=label, mode="lines+markers", marker={"size": 5},
                line={"color": hue(roles[index % len(roles)]), "width": 2.5},
                hovertemplate=f"%{{fullData.name}}<br>{what}: %{{y:.1%}} exactly right<extra></extra>",
            )
        )  # fmt: skip
    by = "training step" if step_seconds is None else "seconds of training"
    return figure(
        traces, learning_finding(runs, step_seconds), x=by, y="share exactly right", height=420, empty=not traces,
        yaxis={"range": [-0.03, 1.03], "tickformat": ".0%"},
    )  # fmt: skip


def good_first(steps: Mapping[str, int | None], step_seconds: Mapping[str, float] | None = None) -> tuple[list[str], str]:
    """Return the keys of those that get there first, and when, in words; empty where none ever does.

    Args:
        steps: after how many steps each is there; None where it never is.
        step_seconds: of a training step, by key: then they are put in order by seconds; None: by training steps.
    """
    pace = step_seconds or dict.fromkeys(steps, 1.0)
    moments = {key: step * pace[key] for key, step in steps.items() if step is not None}
    first = [key for key in moments if moments[key] == min(moments.values())]
    step = steps[first[0]] if first else None
    return first, "" if step is None else _when(step, None if step_seconds is None else pace[first[0]])


def learning_finding(runs: Mapping[str, Probes], step_seconds: Mapping[str, float] | None = None) -> str:
    """Return in words which translator first writes nine of ten sentences without a mistake, and when."""
    found = {label: first_good(run) for label, run in runs.items()}
    seconds = step_seconds or dict.fromkeys(runs, 1.0)
    there = sorted(
        ((label, step) for label, step in found.items() if step is not None), key=lambda one: one[1] * seconds[one[0]]
    )
    groups: dict[str, list[str]] = {}
    for label, step in there:
        groups.setdefault(_when(step, None if step_seconds is None else seconds[label]), []).append(f"the {label}")
    when = [f"{listed(labels)} {moment}" for moment, labels in groups.items()]
    never = [f"the {label}" for label, step in found.items() if step is None]
    if not there:
        return f"None of them ever writes {100 * GOOD:.0f} % of the sentences without a mistake."
    rest = f"; not by {listed(never)}" if never else ""
    return f"{100 * GOOD:.0f} % without a mistake is first reached by {listed(when)}{rest}."


def first_good(run: Probes) -> int | None:
    """Return the first probed training step at which nine of ten sentences are right; None where there is none."""
    assert run.exact is not None, "it writes"
    there = np.flatnonzero(run.exact >= GOOD)
    return int(run.step[there[0]]) if there.size else None


def heads_figure(record: HeadAlignment, floor: float, beside: float | None) -> go.Figure:
    """Draw the alignment error of every head of a Transformer's cross-attention.

    Args:
        record: by layer and head.
        floor: the least that any head can reach which names one word for each word written.
        beside: the error of the GRU with attention, to compare with.
    """
    layers, heads = record.errors.shape
    names = [f"{layer + 1}.{head + 1}" for layer in range(layers) for head in range(heads)]
    places = np.arange(len(names))
    best = record.best[0] * heads + record.best[1]
    colours = [hue("best head") if at == best else faint(hue("head")) for at in range(len(names))]
    bars = go.Bar(
        x=places, y=record.errors.ravel(), text=names, textposition="none", marker={"color": colours}, name="a head",
        customdata=record.near_errors.ravel(), showlegend=False,
        hovertemplate="layer.head %{text}: %{y:.4f}; one position off forgiven: %{customdata:.4f}<extra></extra>",
    )  # fmt: skip
    drawn = figure(
        [bars], heads_finding(record, floor, beside), x="layer.head of the decoder’s cross-attention", y="alignment error rate",
        height=420, yaxis={"rangemode": "tozero"},
        xaxis=ticked(names),
    )  # fmt: skip
    span = [-0.5, len(names) - 0.5]
    drawn.add_trace(reference("mean of the last layer’s heads, no head itself", span, record.mean_error, role="mean head"))
    if beside is not None:
        drawn.add_trace(reference("GRU with attention", span, beside, role="attending translator"))
    drawn.add_trace(reference("the least that one word a look can have", span, floor, role="floor"))
    return drawn


def heads_finding(record: HeadAlignment, floor: float, beside: float | None) -> str:
    """Return in words which head comes closest to the grammar's links, beside the mean head and the other network."""
    layer, head = record.best
    said = (
        f"Head {head + 1} of layer {layer + 1} comes closest to the grammar’s links, alignment error "
        f"{record.errors[layer, head]:.3f}; the mean of the last layer’s heads has {record.mean_error:.3f}"
    )
    other = "" if beside is None else f", the GRU with attention {beside:.3f}"
    return f"{said}{other} (one word a look cannot get below {floor:.3f})."


def _when(step: int, seconds: float | None) -> str:
    return f"at step {step:,}" if seconds is None else f"after {number(step * seconds)} s"


def _exact(row: ComparedTranslator) -> np.ndarray:
    return row.exact


def _bleu(row: ComparedTranslator) -> np.ndarray:
    found: np.ndarray = row.bleu[np.isfinite(row.bleu)]
    return found


def _error(row: ComparedTranslator) -> np.ndarray:
    return np.empty(0) if row.alignment_error is None else row.alignment_error


def _weights(row: ComparedTranslator) -> np.ndarray:
    return np.array([float(row.parameters)])


def _milliseconds(row: ComparedTranslator) -> np.ndarray:
    return 1000 * row.step_seconds


def _middle(value: Value) -> Callable[[ComparedTranslator], float]:
    return lambda row: float(np.median(value(row)))


def _right(row: ComparedTranslator) -> int:
    return round(_middle(_exact)(row) * row.of)


def _ranked(rows: Rows, value: Value, form: str, *, highest: bool) -> str:
    middle = _middle(value)
    return listed([f"{form.format(middle(row))} ({row.label})" for row in sorted(rows, key=middle, reverse=highest)])


def _strip(rows: Rows, value: Value, finding: str, x: str, **axis: Any) -> go.Figure:
    traces = [one for at, row in enumerate(rows) if len(value(row)) for one in _marks(row.label, value(row), at)]
    ticks = ticked([_tick(row.label) for row in rows])
    return figure(
        traces, finding, x=x, y="", height=90 + 38 * len(rows), showlegend=False, xaxis=axis, empty=not rows,
        yaxis={**ticks, "range": [len(rows) - 0.5, -0.5], "zeroline": False}, margin={"l": 176, "r": 16, "t": 12, "b": 48},
    )  # fmt: skip


def _without(drawn: go.Figure, rows: Rows, value: Value, reason: str) -> go.Figure:
    """Write in place of their dots why some rows have none."""
    for at, row in enumerate(rows):
        if not len(value(row)):
            drawn.add_annotation(
                x=1, xref="x domain", y=at, text=reason, showarrow=False, xanchor="right", yshift=9,
                font={"color": hue("note"), "size": 12},
            )  # fmt: skip
    return drawn


def _marks(label: str, values: np.ndarray, at: int) -> list[go.Scatter]:
    """Return a dot for each seed, and where there are several a line at their median."""
    colour, several = _colour(at), len(values) > 1
    median = float(np.median(values))
    dots = go.Scatter(
        x=values, y=np.full(len(values), at), mode="markers", name=label, customdata=np.arange(len(values)),
        marker={"color": colour, "size": 9 if several else 12, "opacity": 0.6 if several else 1},
        hovertemplate="%{fullData.name}" + (", seed %{customdata}" if several else "") + ": %{x:,.4g}<extra></extra>",
    )  # fmt: skip
    line = go.Scatter(
        x=[median, median], y=[at - 0.3, at + 0.3], mode="lines", name=f"{label}, median", line={"color": colour, "width": 3},
        hovertemplate="%{fullData.name}: %{x:,.4g}<extra></extra>",
    )  # fmt: skip
    return [dots, line] if several else [dots]


def _whisker(row: ComparedTranslator, at: int) -> go.Scatter:
    right = _right(row)
    low, high = wilson_interval(right, row.of)
    return go.Scatter(
        x=[low, high], y=[at, at], mode="lines", name=f"{row.label}, 95 % interval", opacity=0.5,
        line={"color": _colour(at), "width": 2}, customdata=[f"{right:,} of {row.of:,}"] * 2,
        hovertemplate="%{fullData.name} of %{customdata}: %{x:.1%}<extra></extra>",
    )  # fmt: skip


def _tick(label: str) -> str:
    """Return a label as it fits beside an axis."""
    short = label if len(label) <= LONGEST_TICK else f"{label[: LONGEST_TICK - 1]}…"
    return literal(short)


def _colour(at: int) -> str:
    return hue(ROLES_IN_TURN[at % len(ROLES_IN_TURN)])
