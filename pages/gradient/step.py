"""One training step in slow motion: forward, loss, backward, clip, update, each with its numbers."""

import streamlit as st

from seqviz.ui.lessons.gradient.step.settings import CONTROLS, NAME, fresh
from seqviz.ui.lessons.gradient.step.views import chosen, moment, predict, slow_motion
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page
from seqviz.ui.shell.person import person

with begin_page(NAME, "One training step", prose(NAME, "lead"), CONTROLS) as page:
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
    with st.expander("Why these five?"):
        st.markdown(prose(NAME, "why"))
    st.caption(prose(NAME, "sources"))
    person()  # last: once the browser tells, the page runs again, and by then its widgets stand
