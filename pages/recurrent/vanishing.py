"""Vanishing and exploding gradients: how much of a loss's gradient arrives, how far back, and why."""

import streamlit as st

from seqviz.ui.lessons.recurrent.vanishing.settings import CONTROLS, NAME
from seqviz.ui.lessons.recurrent.vanishing.views import VIEWS, predict, settings
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, sources=st.markdown) as page:
    view = page.control("view")
    picture, beside = (st.container(), None) if view == "chain" else st.columns([2.5, 1], gap="medium")
    if beside:
        with beside:
            settings(page)
    with picture:
        VIEWS[view](page)
        st.markdown(prose(NAME, view))
        if view == "flow":
            predict(page)
