"""Cost: what training published models took, beside what was trained here."""

import streamlit as st

from seqviz.ui.content import prose
from seqviz.ui.cost.settings import CONTROLS, NAME
from seqviz.ui.cost.views import drawn, predict, settings
from seqviz.ui.page import begin_page
from seqviz.ui.person import person

with begin_page(NAME, "Cost", prose(NAME, "lead"), CONTROLS) as page:
    settings(page)
    drawn(page)
    predict(page)
    with st.expander("Where are these numbers from?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
person()
