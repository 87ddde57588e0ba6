"""Train: watch networks learn side by side, and the gradient that reaches every time step while they do."""

import streamlit as st

from seqviz.ui.lessons.train.train.board import draw_board
from seqviz.ui.lessons.train.train.buttons import press_buttons
from seqviz.ui.lessons.train.train.examples import examples, follow_link, introduce
from seqviz.ui.lessons.train.train.families import family_of
from seqviz.ui.lessons.train.train.form import draw_form
from seqviz.ui.lessons.train.train.lesson import draw_answer, draw_question
from seqviz.ui.lessons.train.train.listing import draw_listing
from seqviz.ui.lessons.train.train.runs import find_again
from seqviz.ui.lessons.train.train.settings import CONTROLS, NAME
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.lesson import lesson
from seqviz.ui.shell.page import shown_errors
from seqviz.ui.shell.person import known_person

with lesson(NAME, CONTROLS, why=None, runs=True) as page:
    who = known_person()
    follow_link(page)
    bar = st.container()
    form, board = st.columns([1, 2.4], gap="medium")
    with form:
        draw_form(page)
    with board, shown_errors():
        draw_question(page)
        find_again(page, who)
        views = press_buttons(page, who, bar)
        if not views and (views := examples(page)):
            introduce(page, views)
        if views:
            draw_answer(page, views)
            draw_board(page, who, views)
        else:
            st.info(prose(NAME, family_of(page["task"]).empty))
    draw_listing(page, who)
    for section in (*family_of(page["task"]).explained, "same numbers"):
        st.markdown(prose(NAME, section))
