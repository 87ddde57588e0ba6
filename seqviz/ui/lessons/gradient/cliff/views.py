"""The page on the cliff: one unit's error surface, and gradient descent on it with and without clipping."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from seqviz.figures.cliff import descent_finding, jump_finding, steepness_finding
from seqviz.questions import DESCENT, ERROR_SURFACE
from seqviz.records import ErrorSurface
from seqviz.subjects.cliff import WINDOWS, UnitDescent, UnitSurface
from seqviz.ui.components.descent import clicked_place, send_surface, show_descent
from seqviz.ui.lessons.gradient.cliff.settings import NAME
from seqviz.ui.shell.cache import traced
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import answer, question

NAMES: Mapping[str, tuple[str, str]] = {
    "rnn": ("recurrent weight w", "bias b"),
    "lstm": ("recurrent weight w of the candidate", "its bias b"),
}
WALL = UnitDescent(w=4.94, b=-2.575, rate=0.01, threshold=1.0, steps=1)  # on the wall of the RNN unit
NEAR, FAR = 0.1, 10.0


def descents(page: Page) -> None:
    """The surface and both descents on it; a click on the map is the next start."""
    unit = page.control("unit")
    place = clicked_place(f"{NAME}.descent")
    if place is not None:
        for axis, value in enumerate(place):
            low, high = WINDOWS[unit][axis]
            page[f"{unit}.{'wb'[axis]}"] = round(min(max(value, low), high), 3)
    picture = st.container()
    chosen = _settings(page, unit)
    with picture:
        surface = traced(ERROR_SURFACE, page.config(UnitSurface))  # apart: a new path leaves it as it is
        record = traced(DESCENT, UnitDescent(unit=unit, **chosen))
        send_surface(surface, NAMES[unit], key=f"{NAME}.surface")
        show_descent(record, key=f"{NAME}.descent", title=descent_finding(record, surface.window))
    st.markdown(f":small[The gradient at the start {record.agreement.sentence}.]")
    steepness(surface)


def _settings(page: Page, unit: str) -> dict[str, Any]:
    own = (name for name in ("rate", "threshold", "steps", "forget_bias") if page.applies(UnitDescent, name))
    names = (*own, f"{unit}.w", f"{unit}.b")
    values = {}
    for column, name in zip(st.columns(len(names)), names, strict=True):
        with column:
            values[name.rpartition(".")[2]] = page.control(name)
    return values


def steepness(surface: ErrorSurface) -> None:
    """How steep the surface is; for the LSTM's, beside the RNN's."""
    st.markdown(steepness_finding(surface))
    if surface.unit != "rnn":
        st.markdown(f"The RNN unit’s: {steepness_finding(traced(ERROR_SURFACE, UnitSurface()))}")


def predict(page: Page) -> None:
    """A question to answer before the step is taken: on the wall, how far does one step go?"""
    with question(page) as guess:
        if guess is None:
            return
        record = traced(DESCENT, WALL)
        length = float(record.lengths[0, 0])
        right = "near" if length < NEAR else "away" if length > FAR else "far"
        answer(page, f"**{jump_finding(record)}**", guess == right)
