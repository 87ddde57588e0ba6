"""The unit shown: the best for a property, or one that was clicked or typed."""

from dataclasses import dataclass

import streamlit as st

from seqviz.errors import MissingTextError, TextError
from seqviz.figures.units import best_unit, unit_at
from seqviz.questions import UNITS
from seqviz.records import UnitRanking
from seqviz.ui.components.figure import clicked
from seqviz.ui.lessons.recurrent.gates.reading import Reader, Reading
from seqviz.ui.shell.cache import traced_many
from seqviz.ui.shell.page import Page

HEAT, RANKING = "gates.heat", "gates.ranking"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A unit, the property chosen, and how well every unit follows every property."""

    unit: int
    prop: str
    ranking: UnitRanking | None  # None where there is no text to rank them on


def chosen_unit(page: Page, reader: Reader, reading: Reading) -> Choice:
    """Take up a click, draw the choice of a property and a unit, and return them."""
    kept, ranking = rankings(reader, reading)
    _take_clicks(page, reading, ranking)
    prop = page.control("property")
    _forget_unit_of_another(page, (reader.run, reading.layer, reading.direction, prop))
    best = 0 if kept is None else best_unit(kept, prop)
    last = reading.values.shape[1] - 1
    unit = min(best if page["unit"] is None else page["unit"], last)
    page.offer("unit", unit, key=f"{page.name}.unit_typed", span=(0, last), note="or click one in a figure below")
    return Choice(unit=unit, prop=prop, ranking=ranking)


def rankings(reader: Reader, reading: Reading) -> tuple[UnitRanking | None, UnitRanking | None]:
    """Return how well units follow the text by the state they keep, and by what is shown; None where there is no text."""
    place = (reading.layer, reading.direction)
    kept = reader.search("cell" if "cell" in reader.shown else "hidden", *place)
    try:
        first, second = traced_many(((UNITS, kept), (UNITS, reader.search(reading.array, *place))))
    except (MissingTextError, TextError) as error:
        st.info(f"Units cannot be ranked: {error}.")
        return None, None
    return first, second


def _take_clicks(page: Page, reading: Reading, ranking: UnitRanking | None) -> None:
    heat, dot = clicked(HEAT), clicked(RANKING)
    if heat is not None and isinstance(heat.y, int | float):
        page["unit"] = min(max(int(heat.y), 0), reading.values.shape[1] - 1)
    found = unit_at(ranking, str(dot.y), float(dot.x)) if dot is not None and ranking is not None else None
    if found is not None:
        page["property"], page["unit"] = found
        st.session_state.pop(f"{page.name}.found_for", None)


def _forget_unit_of_another(page: Page, place: tuple[str, int, int, str]) -> None:
    """Forget the chosen unit when the network, layer or property changes, so that the best one is shown.

    Where the unit changed in the same moment, a link or a click chose both.
    """
    key = f"{page.name}.found_for"
    before, unit = st.session_state.get(key, (place, None))
    if before != place and unit == page["unit"]:
        page["unit"] = None
    st.session_state[key] = (place, page["unit"])
