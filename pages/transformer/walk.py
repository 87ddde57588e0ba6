"""One token's way: from a word through every block of a Transformer to the next word, each number with its formula."""

import streamlit as st

from seqviz.ui.lessons.transformer.walk import views
from seqviz.ui.lessons.transformer.walk.reading import chosen_text, chosen_token, chosen_transformer
from seqviz.ui.lessons.transformer.walk.settings import CONTROLS, NAME
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page
from seqviz.ui.shell.person import person

TRAIN = "pages/train/train.py"

with begin_page(NAME, "One token's way", prose(NAME, "lead"), CONTROLS) as page:
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
    with st.expander("Why is it built so?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
person()
