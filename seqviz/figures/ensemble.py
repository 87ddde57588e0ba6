"""What several networks write together, against how many they are."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.corpora.bleu import NO_RUNS, bleu
from seqviz.figures.chance import wilson_interval
from seqviz.figures.examination import MEASURES, bleu_in_words
from seqviz.figures.look import figure, hue
from seqviz.records import Examination

COUNTS = ("No network", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")


def ensemble_figure(members: Sequence[Examination], together: Sequence[Examination], *, measure: str = "exact") -> go.Figure:
    """Draw how well the first 1, 2, … networks write together, and each alone.

    Args:
        members: what each network writes alone.
        together: what the first one, the first two, … write, in this order.
        measure: "exact" for the share of sentences exactly right, "bleu" for BLEU.
    """
    alone, grown = ([score(record, measure) for record in records] for records in (members, together))
    count = np.arange(1, len(grown) + 1)
    traces = [
        go.Scatter(
            x=np.ones(len(alone), dtype=int), y=alone, name="each member alone", mode="markers",
            marker={"symbol": "circle-open", "size": 9, "color": hue("member"), "line": {"width": 2}},
            customdata=[_hover(f"member {at}", record, measure) for at, record in enumerate(members)],
            hovertemplate="%{customdata}<extra></extra>",
        ),
        go.Scatter(
            x=count, y=grown, name="the first N together", mode="lines+markers", error_y=_chance(together, measure),
            line={"color": hue("ensemble"), "width": 2.5}, marker={"color": hue("ensemble"), "size": 9},
            customdata=[_hover(f"{at} together", record, measure) for at, record in zip(count, together, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
        ),
    ]  # fmt: skip
    return figure(
        traces, ensemble_finding(alone, grown, measure), x="members N", y=MEASURES[measure],
        xaxis={"range": [0.7, len(grown) + 0.3], "dtick": 1},
    )  # fmt: skip


def score(record: Examination, measure: str) -> float:
    """Return an examination's measure in [0, 100]; BLEU is NaN where no right translation has four words."""
    return 100 * record.exact_share if measure == "exact" else bleu(record.written, record.wanted)


def ensemble_finding(alone: Sequence[float], grown: Sequence[float], measure: str) -> str:
    """Return in words how far the whole ensemble is above its members alone."""
    unit = " % of the sentences right" if measure == "exact" else " BLEU"
    if np.isnan(grown[-1]):
        return f"{NO_RUNS}."
    mean, best, last = float(np.mean(alone)), max(alone), grown[-1]
    said = f"{COUNTS[len(grown)]} together get {last:.1f}{unit}; alone they get {mean:.1f} on average, the best one {best:.1f}"
    if last <= best:
        return f"{said}: together is no better than the best alone."
    return f"{said}."


def _chance(records: Sequence[Examination], measure: str) -> dict[str, object]:
    """Return bars of the 95 % interval of each share; a corpus' BLEU has none here."""
    if measure != "exact":
        return {"visible": False}
    ends = np.array([wilson_interval(int(record.exact.sum()), len(record.exact)) for record in records]) * 100
    shares = np.array([score(record, measure) for record in records])
    return {
        "array": (ends[:, 1] - shares).tolist(), "arrayminus": (shares - ends[:, 0]).tolist(), "width": 5,
        "color": hue("ensemble"), "thickness": 1.2,
    }  # fmt: skip


def _hover(name: str, record: Examination, measure: str) -> str:
    of = len(record.exact)
    if measure == "bleu":
        return f"{name}: {bleu_in_words(score(record, measure))} ({of} sentences)"
    low, high = (100 * end for end in wilson_interval(int(record.exact.sum()), of))
    return f"{name}: {record.exact.sum()} of {of} exactly right (95 % interval {low:.0f} to {high:.0f} %)"
