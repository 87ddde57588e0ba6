"""One task, three networks: translation without attention, with it, and by a Transformer, on the same sentences."""

import streamlit as st

from seqviz.ui.lessons.transformer.comparison.settings import CONTROLS, NAME
from seqviz.ui.lessons.transformer.comparison.told import how, lead
from seqviz.ui.lessons.transformer.comparison.views import VIEWS
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page
from seqviz.ui.shell.person import person

with begin_page(NAME, "One task, three networks", lead(), CONTROLS) as page:
    VIEWS[page.control("view")](page)
    with st.expander("What is compared, and how?"):
        st.markdown(how())
    st.caption(prose(NAME, "sources"))
    person()  # last: once the browser tells, the page runs again, and by then its widgets stand
