"""The cliff: one recurrent unit's error surface, and why gradients are clipped."""

import streamlit as st

from seqviz.ui.lessons.gradient.cliff.settings import CONTROLS, NAME
from seqviz.ui.lessons.gradient.cliff.views import descents, predict
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, sources=st.markdown) as page:
    descents(page)
    st.markdown(prose(NAME, page["unit"]))
    predict(page)
