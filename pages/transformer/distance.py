"""No chain of steps: gradients and time by distance, and what a Transformer without positions cannot do."""

import streamlit as st

from seqviz.ui.lessons.transformer.distance.settings import CONTROLS, NAME
from seqviz.ui.lessons.transformer.distance.views import VIEWS
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page
from seqviz.ui.shell.person import person

with begin_page(NAME, "No chain of steps", prose(NAME, "lead"), CONTROLS) as page:
    VIEWS[page.control("view")](page)
    with st.expander("Why does this happen?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
    person()  # last: once the browser tells, the page runs again, and by then its widgets stand
