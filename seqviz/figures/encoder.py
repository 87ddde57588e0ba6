"""How much of a translation's loss is felt at each word that the encoder read."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import ROLES, figure, lines, literal, log_axis, marks
from seqviz.language.words import listed, number, ratio
from seqviz.records import EncoderGradient

LOSSES: Mapping[str, str] = {"whole": "the whole translation", "last": "its last word"}
ROLES_IN_TURN = ("sky", "other")


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
            ROLES[ROLES_IN_TURN[index % 2]],
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
    if len(words) == 1:  # of one sentence, its words can stand on the axis
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
