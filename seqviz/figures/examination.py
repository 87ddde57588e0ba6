"""How well sentences are translated, by their length."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.corpora.bleu import NO_RUNS, bleu
from seqviz.figures.chance import chance_band, wilson_interval
from seqviz.figures.look import dotted, figure, hue
from seqviz.language.words import listed
from seqviz.records import Examination

FEWEST = 5  # sentences of a length that the title speaks of
WIDER = 10  # points by which the networks must differ more than at the ends for the title to say where
SYMBOLS = ("circle", "square", "diamond", "triangle-up")
ROLES_IN_TURN = ("first network", "second network", "third network", "fourth network")
MEASURES: Mapping[str, str] = {"exact": "sentences exactly right (%)", "bleu": "BLEU"}


def length_figure(
    records: Mapping[str, Examination],
    *,
    measure: str = "exact",
    learned: int | None = None,
    roles: Sequence[str] = ROLES_IN_TURN,
    by: str = "",
) -> go.Figure:
    """Draw how well held-out sentences of each length come out.

    Args:
        records: what each network wrote, by its label in a sentence ("with attention").
        measure: "exact": the share of sentences exactly right, with the interval that chance may move it by; "bleu".
        learned: words of the longest sentence that was learned from; what is beyond is marked.
        roles: of the colours, label by label.
        by: what a sentence writes before a label, and the legend does not: "by the ".
    """
    traces: list[Any] = []
    for index, (label, record) in enumerate(records.items()):
        colour, symbol = hue(roles[index % len(roles)]), SYMBOLS[index % len(SYMBOLS)]
        lengths, values = by_length(record, measure)
        if measure == "exact":
            traces += chance_band(label, lengths, [_counted(record, length) for length in lengths.tolist()], colour)
        traces.append(_curve(label, lengths, values, _hovers(record, lengths, values, measure), colour, symbol))
    drawn = figure(
        traces, length_finding(records, measure, by=by), x="words of the source sentence", y=MEASURES[measure],
        empty=not records, yaxis={"range": [-3, 103]},
    )  # fmt: skip
    drawn.update_layout(legend_traceorder="normal")  # bands would turn it round
    longest = max((int(record.lengths.max()) for record in records.values()), default=0)
    if learned is not None and longest > learned:
        drawn.add_vline(
            x=learned + 0.5, line=dotted(),
            annotation={"text": "longer than any learned from", "xanchor": "left", "y": 1, "yanchor": "bottom"},
        )  # fmt: skip
    return drawn


def by_length(record: Examination, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the lengths that there are, and the measure in [0, 100] of the sentences of each.

    BLEU is NaN where no right translation of that length has four words.
    """
    lengths = np.unique(record.lengths)
    return lengths, np.array([_measured(record, np.flatnonzero(record.lengths == length), measure) for length in lengths])


def _measured(record: Examination, chosen: np.ndarray, measure: str) -> float:
    if measure == "exact":
        return 100 * float(record.exact[chosen].mean())
    return bleu([record.written[at] for at in chosen], [record.wanted[at] for at in chosen])


def length_finding(records: Mapping[str, Examination], measure: str, *, by: str = "") -> str:
    """Return in words how well the shortest sentences and the longest come out, and those where the networks differ most."""
    if not records:
        return "No network is chosen."
    rows = [dict(zip(*_listed_by_length(record, measure), strict=True)) for record in records.values()]
    if not any(rows):
        return f"{NO_RUNS}."
    counts = [np.bincount(record.lengths) for record in records.values()]
    told = [at for at in sorted(set.intersection(*map(set, rows))) if all(each[at] >= FEWEST for each in counts)]
    if not told:
        return "There are too few sentences of any one length to tell."
    unit = " %" if measure == "exact" else ""
    begin = f"Of sentences of {told[0]} words, " if measure == "exact" else f"BLEU of sentences of {told[0]} words is "
    first = listed([f"{row[told[0]]:.0f}{unit} {by}{label}" for row, label in zip(rows, records, strict=True)])
    gaps = {at: max(row[at] for row in rows) - min(row[at] for row in rows) for at in told}
    widest = max(told, key=gaps.__getitem__)
    more = [widest] if gaps[widest] > max(gaps[told[0]], gaps[told[-1]]) + WIDER else []
    others = [at for at in (*more, told[-1]) if at != told[0]]
    rest = [f"of {at} words, {listed([f'{row[at]:.0f}{unit}' for row in rows])}" for at in others]
    return "; ".join([f"{begin}{first}{' come out right' if measure == 'exact' else ''}", *rest]) + "."


def bleu_in_words(value: float) -> str:
    """Return a corpus' BLEU as a label says it, also where there is none."""
    return "no BLEU" if np.isnan(value) else f"BLEU {value:.1f}"


def _listed_by_length(record: Examination, measure: str) -> tuple[list[int], list[float]]:
    lengths, values = by_length(record, measure)
    kept = np.isfinite(values)
    return lengths[kept].tolist(), values[kept].tolist()


def _counted(record: Examination, length: int) -> tuple[int, int]:
    chosen = record.lengths == length
    return int(record.exact[chosen].sum()), int(chosen.sum())


def _hovers(record: Examination, lengths: np.ndarray, values: np.ndarray, measure: str) -> list[str]:
    words = []
    for length, value in zip(lengths.tolist(), values.tolist(), strict=True):
        right, of = _counted(record, length)
        if measure == "bleu":
            words.append(f"{length} words: {bleu_in_words(value)} ({of} sentences)")
        else:
            low, high = (100 * end for end in wilson_interval(right, of))
            interval = f"95 % interval {low:.0f} to {high:.0f} %"
            words.append(f"{length} words: {right} of {of} exactly right, {value:.1f} % ({interval})")
    return words


def _curve(label: str, x: np.ndarray, y: np.ndarray, words: Sequence[str], colour: str, symbol: str) -> go.Scatter:
    return go.Scatter(
        x=x, y=y, name=label, mode="lines+markers", line={"color": colour, "width": 2.5}, customdata=words,
        marker={"color": colour, "size": 8, "symbol": symbol}, hovertemplate="%{customdata}<extra>%{fullData.name}</extra>",
    )  # fmt: skip
