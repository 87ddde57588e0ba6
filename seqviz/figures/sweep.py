"""Figures of the temporal-order sweep: which networks solve it, by length, with and without clipping."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from seqviz.experiment.baseline import guessed_share
from seqviz.experiment.clipping import CLIPPING, SOLVED
from seqviz.figures.look import dotted, figure, hue, with_columns
from seqviz.language.words import listed, number

Errors = Mapping[str, Mapping[int, Mapping[int, float]]]  # clipping → length → seed → share of wrong answers

ROLE_OF: Mapping[str, str] = {"off": "networks not clipped", "norm": "networks clipped"}
DASHES: Mapping[str, str] = {"off": "dash", "norm": "solid"}
GUESSING = 1 - guessed_share("temporal_order")  # of the answers are wrong where one of four classes is guessed


def success_figure(errors: Errors, *, total: int | None = None) -> go.Figure:
    """Draw the share of networks that solve the task, by the length of its sequences.

    Args:
        errors: the share of wrong answers of every network that has ended.
        total: how many there will be in the end, where some are still trained.
    """
    traces = []
    for clip, by_length in errors.items():
        lengths = sorted(length for length, found in by_length.items() if len(found))
        traces.append(
            go.Scatter(
                x=lengths, y=[float((_shares(by_length[length]) < SOLVED).mean()) for length in lengths], name=CLIPPING[clip],
                mode="lines+markers", line={"color": hue(ROLE_OF[clip]), "width": 2.5, "dash": DASHES[clip]},
                marker={"size": 9, "color": hue(ROLE_OF[clip])},
                customdata=[_hover(by_length[length]) for length in lengths],
                hovertemplate="%{fullData.name}, T = %{x}<br>%{customdata}<extra></extra>",
            )
        )  # fmt: skip
    return figure(
        traces, success_finding(errors, total), x="sequence length T", y="networks that solve it", height=320,
        empty=not any(len(trace.x) for trace in traces), xaxis={"dtick": 10},
        yaxis={"range": [-0.05, 1.05], "tickformat": ".0%"},
    )  # fmt: skip


def errors_figure(errors: Errors) -> go.Figure:
    """Draw the share of wrong answers of every network, a dot each, called by its seed."""
    traces = []
    for clip, by_length in errors.items():
        aside = -0.9 if clip == "off" else 0.9
        points = [
            (length + aside, wrong, f"T = {length}, seed {seed}", (length, seed, wrong))
            for length in sorted(by_length)
            for seed, wrong in sorted(by_length[length].items())
        ]
        traces.append(
            go.Scatter(
                x=[x for x, *_ in points], y=[y for _, y, *_ in points], name=CLIPPING[clip], mode="markers",
                meta={"table": [row for *_, row in points]},
                marker={"size": 8, "color": hue(ROLE_OF[clip]), "symbol": "circle" if clip == "norm" else "circle-open",
                        "line": {"width": 1.5, "color": hue(ROLE_OF[clip])}},
                customdata=[place for _, _, place, _ in points],
                hovertemplate="%{fullData.name}, %{customdata}: %{y:.2%} wrong<extra></extra>",
            )
        )  # fmt: skip
    drawn = figure(
        traces, errors_finding(errors), x="sequence length T", y="wrong answers", height=320,
        empty=not any(len(trace.x) for trace in traces), xaxis={"dtick": 10},
        yaxis={"range": [-0.03, 0.85], "tickformat": ".0%"},
    )  # fmt: skip
    drawn.add_hline(y=GUESSING, line=dotted("reference"))
    return with_columns(drawn, ("series", "sequence length T", "seed", "wrong answers"))


def success_finding(errors: Errors, total: int | None = None) -> str:
    """Return in words at which length clipping makes the largest difference, and how far the runs have come."""
    ended = sum(len(found) for by_length in errors.values() for found in by_length.values())
    before = "" if total is None or ended >= total else f"{ended} of {total} runs have ended. "
    both = sorted(
        length
        for length in {**errors.get("off", {}), **errors.get("norm", {})}
        if all(_count(errors, clip, length)[1] for clip in CLIPPING)
    )
    if not both:
        return before.strip() or "No run has ended yet."
    return before + _compared(errors, both)


def _compared(errors: Errors, lengths: list[int]) -> str:
    shares = {
        length: [right / of for right, of in (_count(errors, clip, length) for clip in ("norm", "off"))] for length in lengths
    }
    widest = max(lengths, key=lambda length: (abs(shares[length][0] - shares[length][1]), length))
    with_it, without = (_count(errors, clip, widest) for clip in ("norm", "off"))
    if shares[widest][0] == shares[widest][1]:
        return f"As many networks solve each length with clipping as without: {_solved(errors, lengths)}."
    return (
        f"At T = {widest}, {with_it[0]} of {with_it[1]} networks solve temporal order with clipping, "
        f"{without[0]} of {without[1]} without."
    )


def _solved(errors: Errors, lengths: list[int]) -> str:
    return listed([f"{_count(errors, 'norm', length)[0]} at T = {length}" for length in lengths])


def errors_finding(errors: Errors) -> str:
    """Return in words the median share of wrong answers over all lengths, with and without clipping."""
    parts = []
    for clip, by_length in errors.items():
        every = np.concatenate([_shares(found) for found in by_length.values()] or [np.empty(0)])
        if every.size:
            parts.append(f"{number(100 * float(np.median(every)))} % {CLIPPING[clip]}")
    if not parts:
        return "No run has ended yet."
    return f"Wrong answers on fresh sequences, the median of all runs: {listed(parts)} (guessing: {number(100 * GUESSING)} %)."


def _count(errors: Errors, clip: str, length: int) -> tuple[int, int]:
    found = _shares(errors.get(clip, {}).get(length, {}))
    return int((found < SOLVED).sum()), len(found)


def _shares(found: Mapping[int, float]) -> np.ndarray:
    """Return the shares of wrong answers, by the order of their seeds."""
    return np.array([found[seed] for seed in sorted(found)], dtype=float)


def _hover(found: Mapping[int, float]) -> str:
    wrong = ", ".join(f"{number(100 * each)} %" for each in _shares(found))
    return f"{int((_shares(found) < SOLVED).sum())} of {len(found)} solve it; wrong answers: {wrong}"
