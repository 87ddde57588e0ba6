"""Heads: what every head of a Transformer looks at, and how one weight comes about."""

import streamlit as st

from seqviz.ui.content import prose
from seqviz.ui.heads import views
from seqviz.ui.heads.bringing import bring_published
from seqviz.ui.heads.reading import chosen_reading
from seqviz.ui.heads.settings import CONTROLS, NAME
from seqviz.ui.heads.sources import chosen_source
from seqviz.ui.page import begin_page, shown_errors
from seqviz.ui.person import person

with begin_page(NAME, "Heads", prose(NAME, "lead"), CONTROLS) as page:
    with shown_errors():  # below which a model can be brought
        network, text, attention = st.columns([1, 1.3, 1.7], gap="medium")
        with network:
            source = chosen_source(page)
        if source is not None:
            with text:
                reading = chosen_reading(page, source)
            with attention:
                record = views.chosen_attention(page, reading)
            views.heads(page, reading, record)
            views.predict(page, record)
    bring_published(page)
    with st.expander("Why several heads?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
person()
