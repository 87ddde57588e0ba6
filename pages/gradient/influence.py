"""Influence of the past: what a nudge, a symbol, a word long ago still changes, and what the gradient says of it."""

import streamlit as st

from seqviz.ui.lessons.gradient.influence.settings import CONTROLS, NAME
from seqviz.ui.lessons.gradient.influence.views import VIEWS
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, why="Why does this matter?") as page:
    view = page.control("view")
    VIEWS[view](page)
    st.markdown(prose(NAME, view))
