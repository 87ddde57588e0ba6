"""Why scale: what dividing attention's scores by √d_k does to its weights and to the gradient."""

import streamlit as st

from seqviz.ui.content import prose
from seqviz.ui.page import begin_page
from seqviz.ui.scaling.settings import CONTROLS, NAME
from seqviz.ui.scaling.views import VIEWS, settings

with begin_page(NAME, "Why scale", prose(NAME, "lead"), CONTROLS) as page:
    settings(page)
    VIEWS[page["source"]](page)
    with st.expander("Why does this happen?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
