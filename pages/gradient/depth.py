"""Depth: how much of the gradient reaches the lower layers of plain, residual, dense and highway networks."""

import streamlit as st

from seqviz.ui.lessons.gradient.depth.settings import CONTROLS, NAME
from seqviz.ui.lessons.gradient.depth.views import VIEWS, first_settings, predict, settings
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, runs=True) as page:
    view = page.control("view")
    first_settings(page)
    picture, beside = st.columns([2.5, 1], gap="medium")
    with beside:
        settings(page)
    with picture:
        VIEWS[view](page)
        if view == "initial":
            st.markdown(prose(NAME, view))
            predict(page)
