"""Ways to attend: four scores and none, over several seeds; one sentence under each; what attention is not."""

import streamlit as st

from seqviz.ui.content import prose
from seqviz.ui.page import begin_page
from seqviz.ui.person import person
from seqviz.ui.scores.settings import CONTROLS, NAME
from seqviz.ui.scores.views import VIEWS

with begin_page(NAME, "Ways to attend", prose(NAME, "lead"), CONTROLS) as page:
    VIEWS[page.control("view")](page)
    with st.expander("The scores, and what is measured"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
    person()  # last: once the browser tells, the page runs again, and by then its widgets stand
