"""An image in words: the patch of a picture that each word of its caption looks at."""

import streamlit as st

from seqviz.ui.lessons.attention.captions import views
from seqviz.ui.lessons.attention.captions.reading import chosen_captioner, chosen_scene, looked_at
from seqviz.ui.lessons.attention.captions.settings import CONTROLS, NAME
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, why=None, runs=True) as page:
    picture, settings = st.columns([5, 2], gap="large")
    with settings:
        network = chosen_captioner(page)
        shown = chosen_scene(page)
        views.what_if(page, shown)
        st.markdown(prose(NAME, "steps"))
    with picture:
        views.looked(page, shown, looked_at(page, network, shown))
    views.predict(page, network)
    views.pointing(page, network)
    views.why(network)
