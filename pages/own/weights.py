"""Your weights: a network of your own, from its state_dict, reads a text."""

import streamlit as st

from seqviz.ui.lessons.own.weights.bringing import bring
from seqviz.ui.lessons.own.weights.settings import CONTROLS, NAME
from seqviz.ui.lessons.own.weights.views import drawn, settings
from seqviz.ui.shell.lesson import lesson
from seqviz.ui.shell.page import shown_errors

with lesson(NAME, CONTROLS, why="What fits?") as page:
    if page["weights"]:
        picture, beside = st.columns([3, 1], gap="medium")
        with beside:
            settings(page)
        with picture, shown_errors():
            drawn(page)
    bring(page)
