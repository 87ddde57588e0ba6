"""Initialisation: a race of networks that differ only in their first weights, and a forget bias that lets the gradient back."""

import streamlit as st

from seqviz.ui.lessons.gradient.initialisation.biases import draw_order, draw_reach
from seqviz.ui.lessons.gradient.initialisation.racing import draw_race
from seqviz.ui.lessons.gradient.initialisation.settings import CONTROLS, NAME
from seqviz.ui.shell.lesson import lesson

VIEWS = {"race": draw_race, "reach": draw_reach, "order": draw_order}

with lesson(NAME, CONTROLS, sources=st.markdown, runs=True) as page:
    VIEWS[page.control("view")](page)
