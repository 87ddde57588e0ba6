"""Gates and cells: what single units of a network do while it reads a text."""

import streamlit as st

from seqviz.ui.lessons.recurrent.gates import views
from seqviz.ui.lessons.recurrent.gates.reading import chosen_array, chosen_reader, read
from seqviz.ui.lessons.recurrent.gates.settings import CONTROLS, NAME
from seqviz.ui.lessons.recurrent.gates.texts import chosen_text
from seqviz.ui.lessons.recurrent.gates.units import chosen_unit
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS) as page:
    picture, settings = st.columns([5, 2], gap="large")
    with settings:
        reader = chosen_reader(page)
        text = chosen_text(page, reader.learned)
        finder = st.container()
        reading = read(reader, text, chosen_array(page, reader))
        with finder:
            choice = chosen_unit(page, reader, reading)
    with picture:
        views.coloured(reading, choice)
    views.heat_maps(page, reader, reading, choice)
    left, right = st.columns(2, gap="large")
    with left:
        views.ranking(reading, choice)
    with right:
        views.saturated(reading, choice)
    views.predict(page, choice)
