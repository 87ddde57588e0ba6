"""One task, three networks: translation without attention, with it, and by a Transformer, on the same sentences."""

import streamlit as st

from seqviz.ui.comparison.settings import CONTROLS, NAME
from seqviz.ui.comparison.told import how, lead
from seqviz.ui.comparison.views import VIEWS
from seqviz.ui.content import prose
from seqviz.ui.page import begin_page
from seqviz.ui.person import person

with begin_page(NAME, "One task, three networks", lead(), CONTROLS) as page:
    VIEWS[page.control("view")](page)
    with st.expander("What is compared, and how?"):
        st.markdown(how())
    st.caption(prose(NAME, "sources"))
    person()  # last: once the browser tells, the page runs again, and by then its widgets stand
