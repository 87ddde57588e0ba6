"""Clipping: what it does to a gradient, to a run that explodes, and to what can be learned."""

import streamlit as st

from seqviz.ui.lessons.gradient.clipping.settings import CONTROLS, NAME
from seqviz.ui.lessons.gradient.clipping.sweep import sweep
from seqviz.ui.lessons.gradient.clipping.views import diverged, first_settings, live, optimizers, settings
from seqviz.ui.shell.lesson import lesson

VIEWS = {"live": live, "optimizers": optimizers, "diverged": diverged}

with lesson(NAME, CONTROLS, runs=True) as page:
    view = page.control("view")
    if view == "sweep":
        sweep(page)
    else:
        first_settings(page)
        picture, beside = st.columns([2.5, 1], gap="medium")
        with beside:
            settings(page)
        with picture:
            VIEWS[view](page)
