"""The bottleneck: what one vector cannot hold, what attention changes, and what else helps."""

import streamlit as st

from seqviz.ui.lessons.attention.bottleneck.settings import CONTROLS, NAME
from seqviz.ui.lessons.attention.bottleneck.views import VIEWS, predict, settings
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page

with begin_page(NAME, "The bottleneck", prose(NAME, "lead"), CONTROLS) as page:
    view = page.control("view")
    settings(page)
    VIEWS[view](page)
    st.markdown(prose(NAME, view))
    if view == "length":
        predict(page)
    with st.expander("Why does this happen?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
