"""Watch it translate: scores, softmax, context and words, one step at a time."""

import streamlit as st

from seqviz.ui.content import prose
from seqviz.ui.page import begin_page
from seqviz.ui.translation import views
from seqviz.ui.translation.reading import asked, chosen_pair, chosen_translator, translated
from seqviz.ui.translation.settings import CONTROLS, NAME

with begin_page(NAME, "Watch it translate", prose(NAME, "lead"), CONTROLS) as page:
    picture, settings = st.columns([5, 2], gap="large")
    with settings:
        translator = chosen_translator(page)
        text, pair = chosen_pair(page, translator)
        st.markdown(f"**{prose(NAME, 'what if')}**")
        views.what_if(page)
        record = translated(asked(page, translator, text))
    with picture:
        views.stepped(page, record, pair)
        st.markdown(prose(NAME, "steps"))
        views.search(page, translator, asked(page, translator, text), pair)
    with st.expander("Why does this help?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
