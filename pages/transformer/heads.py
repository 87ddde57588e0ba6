"""Heads: what every head of a Transformer looks at, and how one weight comes about."""

import streamlit as st

from seqviz.ui.lessons.transformer.heads import views
from seqviz.ui.lessons.transformer.heads.bringing import bring_published
from seqviz.ui.lessons.transformer.heads.reading import chosen_reading
from seqviz.ui.lessons.transformer.heads.settings import CONTROLS, NAME
from seqviz.ui.lessons.transformer.heads.sources import chosen_source
from seqviz.ui.shell.lesson import lesson
from seqviz.ui.shell.page import shown_errors

with lesson(NAME, CONTROLS, why="Why several heads?", runs=True) as page:
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
