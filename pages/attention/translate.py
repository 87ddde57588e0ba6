"""Watch it translate: scores, softmax, context and words, one step at a time."""

import streamlit as st

from seqviz.ui.content import prose
from seqviz.ui.page import begin_page
from seqviz.ui.person import person
from seqviz.ui.translation import views
from seqviz.ui.translation.reading import asked, chosen_pair, chosen_translator
from seqviz.ui.translation.settings import CONTROLS, NAME

with begin_page(NAME, "Watch it translate", prose(NAME, "lead"), CONTROLS) as page:
    picture, settings = st.columns([3, 1], gap="medium")
    with settings:
        translator = chosen_translator(page)
        text, pair = chosen_pair(page, translator)
        st.markdown(f"**{prose(NAME, 'what if')}**")
        views.take_branch(page, translator, text)
        views.what_if(page, pair)
    with picture:
        sentence = asked(page, translator, text, pair)
        views.stepped(page, translator, sentence, pair)
        views.predict(page, translator, sentence)
        views.search(page, translator, sentence, pair)
        views.alike(sentence, translator)
    with st.expander("Why does this help?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
person()
