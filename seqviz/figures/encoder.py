"""How much of a translation's loss is felt at each word that the encoder read, and where sentences are in its last state."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.corpora.traits import Trait
from seqviz.figures.look import GATE_SCALE, colour_scale, figure, hue, lines, literal, log_axis, marks
from seqviz.language.words import listed, number, raised, ratio
from seqviz.records import EncoderGradient, SentenceStates

LOSSES: Mapping[str, str] = {"whole": "the whole translation", "last": "its last word"}
ROLES_IN_TURN = ("first network", "second network")
LOOKS = (("first kind", "circle"), ("second kind", "diamond"), ("third kind", "square"))  # colour and marker, value by value
CLEAR = 2.0  # times what chance explains: from there on a property counts as visible


def encoder_gradient_figure(
    records: Mapping[str, EncoderGradient], *, of: str = "whole", when: str = "", within: Sequence[np.ndarray] = ()
) -> go.Figure:
    """Draw the median gradient norm at each source word, by every path and, where there are others, by the chain alone.

    Args:
        records: by label in a sentence ("with attention"), of the same sentences.
        of: "whole" for the loss of the whole translation, "last" for that of its last word.
        when: what the title begins with ("Before training").
        within: more norms that the axis has room for, so that two figures can be compared.
    """
    curves, traces = [], []
    for index, (label, record) in enumerate(records.items()):
        colour, everything, chain = (
            hue(ROLES_IN_TURN[index % 2]),
            typical_norms(record, of),
            typical_norms(record, f"{of}_chain"),
        )
        kinds = [(label, everything, "solid")]
        if not np.array_equal(everything, chain):
            kinds.append((f"{label}, through the chain alone", chain, "dot"))
        for name, norms, dash in kinds:
            place = np.arange(len(norms))
            curves.append((name, place, norms))
            traces.append(lines(name, place, norms, colour=colour, dash=dash))
    axis = log_axis([*(norms for _, _, norms in curves), *within])
    drawn = figure(
        [*traces, *marks(curves)], gradient_finding(records, of, when), x="source word, from 0",
        y=f"‖∂L/∂h‖, L of {LOSSES[of]}", empty=not curves, yaxis=axis,
    )  # fmt: skip
    words = next(iter(records.values())).source if records else ()
    if len(words) == 1:  # of one sentence, its words can label the axis
        ticks = {"tickvals": list(range(len(words[0]))), "ticktext": list(map(literal, words[0]))}
        drawn.update_xaxes(title={"text": "source word"}, **ticks)
    return drawn


def typical_norms(record: EncoderGradient, field: str) -> np.ndarray:
    """Return the median over sentences of the norms called ``field``, word by word: one lost sentence does not rule it."""
    norms: np.ndarray = np.median(getattr(record, field), axis=0)
    return norms


def gradient_finding(records: Mapping[str, EncoderGradient], of: str, when: str) -> str:
    """Return in words how the first word's gradient compares with the last one's, in each network."""
    if not records:
        return "No network is chosen."
    parts = []
    for label, record in records.items():
        norms = typical_norms(record, of)
        parts.append(f"{_compared(ratio(float(norms[0]), float(norms[-1])))} {label}")
    begin = f"{when}, the" if when else "The"
    return f"{begin} first word's gradient is {listed(parts)}."


def chain_finding(records: Mapping[str, EncoderGradient], of: str) -> str:
    """Return in words how much of the first word's gradient there is through the chain alone, where there is another way."""
    told = []
    for label, record in records.items():
        everything, chain = typical_norms(record, of), typical_norms(record, f"{of}_chain")
        if not np.array_equal(everything, chain):
            share = 100 * ratio(float(chain[0]), float(everything[0]))
            told.append(
                f"{label[0].upper()}{label[1:]}, what comes through the decoder's first state alone is {number(share)} % "
                "as large at the first word."
            )
    return " ".join(told)


def _compared(share: float) -> str:
    return f"{number(share)} times the last word's" if share >= 1 else f"{number(100 * share)} % of the last word's"


def sentence_states_figure(record: SentenceStates, trait: Trait, written: Sequence[str], label: str) -> go.Figure:
    """Draw each sentence along the two directions of most variance, coloured by what is true of it.

    Args:
        record: the states.
        trait: what the colour means.
        written: the sentences as they are read.
        label: of the network, as a sentence writes it ("with attention").
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
    """Return the share of the variance of ``places`` that is between groups of equal value, and what chance would give."""
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
            "line": {"width": 0.5, "color": hue("outline")}, "colorbar": {"title": {"text": "words", "side": "right"}},
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
                marker={"size": 7, "color": hue(role), "symbol": symbol, "opacity": 0.8},
            )
        )  # fmt: skip
    return traces
