"""Ways to attend: four scores and none, over several seeds; one sentence under each; what attention is not."""

import streamlit as st

from seqviz.ui.lessons.attention.scores.settings import CONTROLS, NAME
from seqviz.ui.lessons.attention.scores.views import VIEWS
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page
from seqviz.ui.shell.person import person

with begin_page(NAME, "Ways to attend", prose(NAME, "lead"), CONTROLS) as page:
    VIEWS[page.control("view")](page)
    with st.expander("The scores, and what is measured"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
    person()  # last: once the browser tells, the page runs again, and by then its widgets stand
