"""One token's way: from a word through every block of a Transformer to the next word, each number with its formula."""

import streamlit as st

from seqviz.ui.content import prose
from seqviz.ui.page import begin_page
from seqviz.ui.person import person
from seqviz.ui.walk import views
from seqviz.ui.walk.reading import chosen_sentence, chosen_token, chosen_transformer
from seqviz.ui.walk.settings import CONTROLS, NAME

TRAIN = "pages/train/train.py"

with begin_page(NAME, "One token's way", prose(NAME, "lead"), CONTROLS) as page:
    network, sentence, token = st.columns([1, 1.6, 1], gap="medium")
    with network:
        translator = chosen_transformer(page)
    if translator is None:
        st.info(prose(NAME, "none"))
        st.page_link(TRAIN, label="Train one")
    else:
        with sentence:
            subject = chosen_sentence(page, translator)
        with token:
            subject = chosen_token(page, subject)
        record = views.walked(subject)
        st.markdown(prose(NAME, "read"))
        views.stages(record)
        views.places(record)
        views.predict(page, subject, record)
    with st.expander("Why is it built so?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
person()
