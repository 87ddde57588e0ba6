"""The cliff: one recurrent unit's error surface, and why gradients are clipped."""

import streamlit as st

from seqviz.ui.lessons.gradient.cliff.views import CONTROLS, NAME, descents, predict
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page

with begin_page(NAME, "The cliff", prose(NAME, "lead"), CONTROLS) as page:
    descents(page)
    st.markdown(prose(NAME, page["unit"]))
    predict(page)
    with st.expander("Why does this happen?"):
        st.markdown(prose(NAME, "why"))
    st.markdown(prose(NAME, "sources"))
