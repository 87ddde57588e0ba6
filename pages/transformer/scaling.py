"""Why scale: what dividing attention's scores by √d_k does to its weights and to the gradient."""

import streamlit as st

from seqviz.ui.lessons.transformer.scaling.settings import CONTROLS, NAME
from seqviz.ui.lessons.transformer.scaling.views import VIEWS, settings
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page

with begin_page(NAME, "Why scale", prose(NAME, "lead"), CONTROLS) as page:
    settings(page)
    VIEWS[page["source"]](page)
    with st.expander("Why does this happen?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
