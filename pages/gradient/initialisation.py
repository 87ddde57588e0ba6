"""Initialisation: networks that differ in their first weights alone race, and a forget-gate bias opens the way back."""

import streamlit as st

from seqviz.ui.lessons.gradient.initialisation.biases import draw_order, draw_reach
from seqviz.ui.lessons.gradient.initialisation.racing import draw_race
from seqviz.ui.lessons.gradient.initialisation.settings import CONTROLS, NAME
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page
from seqviz.ui.shell.person import person

VIEWS = {"race": draw_race, "reach": draw_reach, "order": draw_order}

with begin_page(NAME, "Initialisation", prose(NAME, "lead"), CONTROLS) as page:
    VIEWS[page.control("view")](page)
    with st.expander("Why does this happen?"):
        st.markdown(prose(NAME, "why"))
    st.markdown(prose(NAME, "sources"))
    person()  # last: once the browser tells, the page runs again, and by then its widgets stand
