"""One training step in slow motion: forward, loss, backward, clip, update, each with its numbers."""

import streamlit as st

from seqviz.ui.lessons.gradient.step.settings import CONTROLS, NAME, fresh
from seqviz.ui.lessons.gradient.step.views import chosen, moment, predict, slow_motion
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, why="Why these five?", runs=True) as page:
    above = st.container()
    picture, beside = st.columns([2.5, 1], gap="medium")
    with beside:
        experiment = chosen(page)
    with above:  # also on a phone
        subject = moment(page, experiment)
    with picture:
        slow_motion(subject, experiment)
        st.markdown(prose(NAME, "what you see"))
        predict(page, fresh(page))
