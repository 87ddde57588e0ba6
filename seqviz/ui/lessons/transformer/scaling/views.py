"""The parts of the page "Why scale", from settings to figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from seqviz.figures.scaling import (
    entropy_figure,
    largest_figure,
    query_gradient_figure,
    scores_figure,
    softmax_gradient_figure,
    variance_figure,
)
from seqviz.language.words import number
from seqviz.questions import SCALING
from seqviz.records import PLAIN, SCALED, ScaledAttention
from seqviz.subjects.scaling import WIDTHS, RandomAttention
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.transformer.scaling.settings import ASKED, CONTROLLED, FEW, NAME, SHARES
from seqviz.ui.lessons.transformer.scaling.trained import trained
from seqviz.ui.shell.cache import traced, traced_many
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import answer, question

ACROSS = 5  # as wide as all of them are together

Draw = Callable[[Sequence[ScaledAttention], int], go.Figure]

SOFTMAX_FIGURES: Mapping[str, Draw] = {"largest": largest_figure, "entropy": entropy_figure}
GRADIENT_FIGURES: Mapping[str, Draw] = {"softmax": softmax_gradient_figure, "query": query_gradient_figure}


def settings(page: Page) -> None:
    """Draw the controls that describe the queries and keys."""
    widths = CONTROLLED[page["source"]]
    left = ACROSS - sum(widths.values())
    first, *places = st.columns([2, *widths.values(), *([left] if left else [])], gap="medium")
    with first:
        page.control("source")
    for place, name in zip(places, widths, strict=False):
        with place:
            page.control(name)


def random(page: Page) -> None:
    """What follows from what: the scores, their variance, the weights, and the gradient that is left."""
    subject: RandomAttention = page.config(RandomAttention)
    records = _records(subject)
    chosen = next(record for record in records if record.width == subject.width)
    left, right = st.columns(2, gap="medium")
    with left:
        show(scores_figure(chosen), key=f"{NAME}.scores", name="scores")
    with right:
        show(variance_figure(records, subject.width), key=f"{NAME}.variance", name="variance-of-scores")
    left, right = st.columns(2, gap="medium")
    with left:
        draw = SOFTMAX_FIGURES[page.control("softmax")]
        show(draw(records, subject.width), key=f"{NAME}.weights", name="softmax")
    with right:
        draw = GRADIENT_FIGURES[page.control("gradient")]
        show(draw(records, subject.width), key=f"{NAME}.left", name="gradient-left")
    _say_how(chosen)
    st.markdown(prose(NAME, "random"))
    predict(page)


def predict(page: Page) -> None:
    """A question to answer before the number is shown: what a wider head leaves of the gradient, undivided."""
    with question(page) as guess:
        if guess is None:
            return
        asked = [RandomAttention(width=width, keys=FEW, seed=page["seed"]) for width in ASKED]
        before, after = traced_many(tuple((SCALING, each) for each in asked))
        shares = np.median(after.softmax_gradients, axis=(1, 2)) / np.median(before.softmax_gradients, axis=(1, 2))
        low, high = SHARES[guess]
        peaks = [f"{100 * record.largest[PLAIN].mean():.0f} %" for record in (before, after)]
        told = f"{number(shares[PLAIN])} of it, while the largest weight goes from {peaks[0]} to {peaks[1]} on average"
        scaled = f"Divided by √dₖ, {number(shares[SCALED])}. {prose(NAME, 'answer')}"
        answer(page, f"**{told}.**", low <= shares[PLAIN] <= high, scaled)


def _records(subject: RandomAttention) -> list[ScaledAttention]:
    """Return what there is at every power of two, which one call brings and keeps, and at the width chosen."""
    found = {each.width: each for each in traced_many(tuple((SCALING, replace(subject, width=width)) for width in WIDTHS))}
    if subject.width not in found:
        found[subject.width] = traced(SCALING, subject)
    return [found[width] for width in sorted(found)]


def _say_how(record: ScaledAttention) -> None:
    sequences, queries, _ = record.scores.shape
    drawn_from = f"{sequences} sequences of {queries} queries and keys at each width, in float64"
    most = number(record.disagreement)
    apart = f"differs from PyTorch's by at most {most}" if record.disagreement else "equals PyTorch's exactly"
    st.markdown(f":small[{drawn_from}. Checked: at dₖ = {record.width} what our attention gives out {apart}.]")


VIEWS: Mapping[str, Callable[[Page], None]] = {"random": random, "trained": trained}
