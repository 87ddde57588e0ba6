"""Watch it translate: scores, softmax, context and words, one step at a time."""

import streamlit as st

from seqviz.ui.lessons.attention.translate import views
from seqviz.ui.lessons.attention.translate.reading import asked, chosen_pair, chosen_translator
from seqviz.ui.lessons.attention.translate.settings import CONTROLS, NAME
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, why="Why does this help?", runs=True) as page:
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
