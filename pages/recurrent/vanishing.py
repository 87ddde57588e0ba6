"""Vanishing and exploding gradients: how much of a loss's gradient arrives, how far back, and why."""

import streamlit as st

from seqviz.ui.lessons.recurrent.vanishing import chains
from seqviz.ui.lessons.recurrent.vanishing.views import CONTROLS, VIEWS, predict, settings
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page

ALL_VIEWS = {**VIEWS, "chain": chains.chain}
ALL_CONTROLS = {**CONTROLS, **chains.CONTROLS}

with begin_page("vanishing", "Vanishing and exploding gradients", prose("vanishing", "lead"), ALL_CONTROLS) as page:
    view = page.control("view")
    picture, beside = (st.container(), None) if view == "chain" else st.columns([2.5, 1], gap="medium")
    if beside:
        with beside:
            settings(page)
    with picture:
        ALL_VIEWS[view](page)
        st.markdown(prose("vanishing", view))
        if view == "flow":
            predict(page)
    with st.expander("Why does this happen?"):
        st.markdown(prose("vanishing", "why"))
    st.markdown(prose("vanishing", "sources"))
