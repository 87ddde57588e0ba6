"""Dropout: which connections of a recurrent network are dropped, between layers or through time."""

import streamlit as st

from seqviz.ui.lessons.gradient.dropout.settings import CONTROLS, NAME
from seqviz.ui.lessons.gradient.dropout.views import drawn, predict, settings
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, why="Why does this matter?") as page:
    page.control("dropout")
    picture, beside = st.columns([2.5, 1], gap="medium")
    with beside:
        settings(page)
    with picture:
        drawn(page)
        predict(page)
