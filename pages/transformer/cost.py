"""Cost: what training published models took, beside what was trained here."""

import streamlit as st

from seqviz.ui.lessons.transformer.cost.settings import CONTROLS, NAME
from seqviz.ui.lessons.transformer.cost.views import drawn, predict, settings
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page
from seqviz.ui.shell.person import person

with begin_page(NAME, "Cost", prose(NAME, "lead"), CONTROLS) as page:
    settings(page)
    drawn(page)
    predict(page)
    with st.expander("Where are these numbers from?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
person()
