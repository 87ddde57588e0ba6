"""Home: what can be explored here, in pictures."""

import streamlit as st

from seqviz.ui.lessons.start.home.settings import NAME
from seqviz.ui.lessons.start.home.views import gallery, recent_runs, this_machine
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import begin_page

with begin_page(NAME, "See how sequence models learn", prose(NAME, "lead")):
    gallery()
    st.markdown(prose(NAME, "explore"))
    recent_runs()
    this_machine()
