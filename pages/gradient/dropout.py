"""Dropout: which connections of a recurrent network are dropped, between layers or through time."""

import streamlit as st

from seqviz.ui.lessons.gradient.dropout.settings import CONTROLS, NAME
from seqviz.ui.lessons.gradient.dropout.views import drawn, predict, settings
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page

with begin_page(NAME, "Dropout", prose(NAME, "lead"), CONTROLS) as page:
    page.control("dropout")
    picture, beside = st.columns([2.5, 1], gap="medium")
    with beside:
        settings(page)
    with picture:
        drawn(page)
        predict(page)
    with st.expander("Why does this matter?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
