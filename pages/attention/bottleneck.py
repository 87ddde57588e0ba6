"""The bottleneck: what one vector cannot hold, what attention changes, and what else helps."""

import streamlit as st

from seqviz.ui.lessons.attention.bottleneck.settings import CONTROLS, NAME
from seqviz.ui.lessons.attention.bottleneck.views import VIEWS, predict, settings
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS) as page:
    view = page.control("view")
    settings(page)
    VIEWS[view](page)
    st.markdown(prose(NAME, view))
    if view == "length":
        predict(page)
