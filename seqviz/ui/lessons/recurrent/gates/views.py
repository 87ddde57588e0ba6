"""The figures of the page "Gates and cells"."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from seqviz.experiment import CELLS
from seqviz.figures import gate_trace_figure, unit_contest_figure, unit_ranking_figure, unit_saturation_figure
from seqviz.figures.gates import span_of
from seqviz.figures.units import best_unit, unit_finding, unit_measure
from seqviz.measures.properties import PROPERTIES, property_values, read_marks
from seqviz.measures.saturation import saturation
from seqviz.measures.units import rank_units
from seqviz.questions import UNITS
from seqviz.ui.components.coloured_text import Mark, Shading, show_text
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.recurrent.gates.reading import Reader, Reading, pretrained
from seqviz.ui.lessons.recurrent.gates.settings import NAME, SHOWN
from seqviz.ui.lessons.recurrent.gates.units import HEAT, RANKING, Choice
from seqviz.ui.shell.cache import traced_many
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, shown_errors
from seqviz.ui.shell.prediction import question

ALIKE = 0.1  # scores that differ by less


def named(reading: Reading) -> str:
    """Return what a unit's value is called in a sentence."""
    return "cell state" if reading.array == "tanh" else SHOWN[reading.array]


def coloured(reading: Reading, choice: Choice) -> None:
    """One unit over the text itself, with a line under the characters where the property holds."""
    values, name = reading.values, named(reading)
    finding = f"Unit {choice.unit}'s {name} over the text."
    if choice.ranking is not None:
        finding = unit_finding(choice.ranking, choice.prop, choice.unit, name)
    label = f"unit {choice.unit}, {SHOWN[reading.array]}"
    shading = Shading(values=values[:, choice.unit], label=label, ramp=span_of(reading.array, values))
    show_text(reading.text, shading, key="gates.text_shown", title=finding, marks=_marks(reading, choice.prop))
    line = [prose(NAME, "line")] if PROPERTIES[choice.prop].yes_or_no else []
    st.markdown(" ".join([prose(NAME, "text"), *line, *_on_this_text(reading, choice)]))


def _marks(reading: Reading, prop: str) -> dict[str, Mark]:
    marks = {}
    if PROPERTIES[prop].yes_or_no:
        marks["underlined"] = Mark(at=getattr(read_marks(reading.text), prop), said=PROPERTIES[prop].title)
    if not reading.known.all():
        marks["unknown"] = Mark(at=~reading.known, said="unknown to this network")
    return marks


def _on_this_text(reading: Reading, choice: Choice) -> list[str]:
    kinds = [one.yes_or_no for one in PROPERTIES.values()]
    here = rank_units(reading.values[:, [choice.unit]], property_values(reading.text), kinds)
    known = np.isfinite(here.scores[_row(choice.prop), 0])
    return [f"On this text alone: {unit_measure(here, choice.prop, 0)}."] if known else []


def ranking(reading: Reading, choice: Choice) -> None:
    """Every unit's score with every property, beside chance."""
    if choice.ranking is None:
        return
    figure = unit_ranking_figure(choice.ranking, name=named(reading), chosen=(choice.prop, choice.unit))
    show(figure, key=RANKING, name="units-by-property", clickable=True)
    read = f"{choice.ranking.positions:,} characters that the network has not learned from"
    st.markdown(f"{prose('gates', 'auc')} Ranked on {read}; click a dot to see that unit.")


def heat_maps(page: Page, reader: Reader, reading: Reading, choice: Choice) -> None:
    """Every unit at every position: what is shown, or every gate and state."""

    def figure(name: str) -> go.Figure:
        where = {"layer": reading.layer, "direction": reading.direction, "unit": choice.unit}
        return gate_trace_figure(reading.trace, name, text=reading.text, **where)

    show(figure(reading.array), key=HEAT, name=reading.array, clickable=True)
    st.markdown(prose(NAME, "heat"))
    if not page.control("every"):
        return
    others = [name for name in reader.shown if name != reading.array]
    for column, name in zip(st.columns(2) * len(others), others, strict=False):
        with column:
            show(figure(name), key=f"{HEAT}.{name}", name=name)


def saturated(reading: Reading, choice: Choice) -> None:
    """How often each unit's gates are shut and open on this text."""
    place = {"layer": reading.layer, "direction": reading.direction, "unit": choice.unit}
    record = saturation(reading.trace)
    show(unit_saturation_figure(record, **place), key="gates.saturation", name="saturation")
    if record.left:
        st.markdown(prose(NAME, "saturation"))


def predict(page: Page, choice: Choice) -> None:
    """A question to answer before the figure is shown: does a plain RNN have such a unit too?"""
    asked = prose(NAME, "predict").replace("PROPERTY", PROPERTIES[choice.prop].title)
    with question(page, asked) as guess, shown_errors():
        if guess is not None:
            _answer(guess, choice.prop)


def _answer(guess: str, prop: str) -> None:
    readers = {cell: pretrained(cell) for cell in CELLS}
    asked = tuple((UNITS, one.search("cell" if cell == "lstm" else "hidden", 0, 0)) for cell, one in readers.items())
    records = dict(zip(readers, traced_many(asked), strict=True))
    truth = beside_the_lstm(
        *(abs(records[cell].scores[_row(prop), best_unit(records[cell], prop)]) for cell in ("rnn", "lstm"))
    )
    if truth is None:
        st.markdown(
            "**Nobody can say:** in the text that was searched, this property has no score with any unit of one of them."
        )
    else:
        st.markdown(f"**{'You saw that.' if guess == truth else 'See for yourself.'}** {prose('gates', 'answer')}")
    show(unit_contest_figure(records, prop=prop), key="gates.contest", name="best-unit-by-network")


def beside_the_lstm(rnn: float, lstm: float) -> str | None:
    """Return the guess that is right, by the score of each network's best unit; None where one of them has none."""
    if not np.isfinite(lstm - rnn):
        return None
    if abs(lstm - rnn) < ALIKE:
        return "same"
    return "worse" if lstm > rnn else "better"


def _row(prop: str) -> int:
    return list(PROPERTIES).index(prop)
