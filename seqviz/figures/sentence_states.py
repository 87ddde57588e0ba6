"""Sentences as points: where they lie in the state that the decoder begins in."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.corpora.traits import Trait
from seqviz.figures.look import GATE_SCALE, ROLES, colour_scale, figure, literal
from seqviz.language.words import number, raised
from seqviz.records import SentenceStates

LOOKS = (("sky", "circle"), ("rnn", "diamond"), ("plum", "square"))  # colour and marker, value by value
CLEAR = 2.0  # times what chance explains: from there on a property counts as visible


def sentence_states_figure(record: SentenceStates, trait: Trait, written: Sequence[str], label: str) -> go.Figure:
    """Draw each sentence along the two directions of most variance, coloured by what is true of it.

    Args:
        record: the states.
        trait: what the colour stands for.
        written: the sentences as they are read.
        label: of the network, as it stands in a sentence ("with attention").
    """
    values, words = [trait.of(source) for source in record.source], [literal(said) for said in written]
    numeric = isinstance(values[0], int)
    traces = [_shaded(record, values, words)] if numeric else _coloured(record, values, words)
    axes = [f"direction {at + 1}: {100 * share:.1f} % of the variance" for at, share in enumerate(record.explained[:2])]
    return figure(traces, states_finding(record, trait, label), x=axes[0], y=axes[1], height=420, showlegend=not numeric)


def states_finding(record: SentenceStates, trait: Trait, label: str) -> str:
    """Return in words how much of the variance the two directions hold, and how much of theirs the property explains."""
    held = 100 * float(record.explained[:2].sum())
    share, chance = explained_by([trait.of(source) for source in record.source], record.places[:, :2])
    said = f"{raised(label)}, two of {len(record.explained)} directions hold {held:.0f} % of the variance"
    told = f"“{trait.title}” explains {100 * share:.0f} % of where a sentence lies there"
    if share < CLEAR * chance:
        return f"{said}; {told}, hardly more than chance would ({number(100 * chance)} %)."
    return f"{said}; {told} (chance: {number(100 * chance)} %)."


def explained_by(values: Sequence[object], places: np.ndarray) -> tuple[float, float]:
    """Return the share of the variance of ``places`` that lies between groups of equal value, and what chance would give."""
    kinds, groups = np.unique(np.array([str(each) for each in values]), return_inverse=True)
    centred = places - places.mean(axis=0)
    means = np.array([centred[groups == kind].mean(axis=0) for kind in range(len(kinds))])
    between = float((means[groups] ** 2).sum())
    return between / float((centred**2).sum()), (len(kinds) - 1) / max(len(places) - 1, 1)


def _shaded(record: SentenceStates, values: Sequence[int | str], words: Sequence[str]) -> go.Scatter:
    return go.Scatter(
        x=record.places[:, 0], y=record.places[:, 1], mode="markers", name="sentences", customdata=words,
        text=[str(each) for each in values], hovertemplate="%{customdata}<br>%{text} words<extra></extra>",
        marker={
            "size": 7, "color": values, "colorscale": colour_scale(GATE_SCALE[1:]), "showscale": True,
            "line": {"width": 0.5, "color": ROLES["bound"]}, "colorbar": {"title": {"text": "words", "side": "right"}},
        },
    )  # fmt: skip


def _coloured(record: SentenceStates, values: Sequence[object], words: Sequence[str]) -> list[go.Scatter]:
    traces = []
    for index, kind in enumerate(sorted({str(each) for each in values})):
        rows = [row for row, each in enumerate(values) if str(each) == kind]
        role, symbol = LOOKS[index % len(LOOKS)]
        traces.append(
            go.Scatter(
                x=record.places[rows, 0], y=record.places[rows, 1], mode="markers", name=kind,
                customdata=[words[row] for row in rows], hovertemplate="%{customdata}<extra>%{fullData.name}</extra>",
                marker={"size": 7, "color": ROLES[role], "symbol": symbol, "opacity": 0.8},
            )
        )  # fmt: skip
    return traces
