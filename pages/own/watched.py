"""Watched: a training loop of your own, seen from inside while it runs."""

import streamlit as st

from seqviz.ui.lessons.own.watched.reading import chosen_place, chosen_run, chosen_step, others
from seqviz.ui.lessons.own.watched.settings import CONTROLS, NAME
from seqviz.ui.lessons.own.watched.views import drawn, how
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, why="What is measured?") as page:
    menus = st.columns(4, gap="medium")
    with menus[0]:
        run = chosen_run(page)
    if run is None:
        how()
    else:
        with menus[1]:
            place = chosen_place(page, run)
        with menus[2]:
            chosen_step(page, run, place)
        with menus[3]:
            compared = others(page, run)
        drawn(page, run, place, compared)
        with st.expander("Watch another loop"):
            how()
