"""One token's way: from a word through every block of a Transformer to the next word, each number with its formula."""

import streamlit as st

from seqviz.ui.lessons.transformer.walk import views
from seqviz.ui.lessons.transformer.walk.reading import chosen_text, chosen_token, chosen_transformer
from seqviz.ui.lessons.transformer.walk.settings import CONTROLS, NAME
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.lesson import lesson

TRAIN = "pages/train/train.py"

with lesson(NAME, CONTROLS, why="Why is it built so?", runs=True) as page:
    network, text, token = st.columns([1.2, 1.6, 1], gap="medium")
    with network:
        reader = chosen_transformer(page)
    if reader is None:
        st.info(prose(NAME, "none"))
        st.page_link(TRAIN, label="Train one")
    else:
        with text:
            subject = chosen_text(page, reader)
        with token:
            subject = chosen_token(page, subject)
        record = views.walked(subject)
        views.legend(record)
        views.stages(record)
        views.places(record)
        views.predict(page, subject, record)
