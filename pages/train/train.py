"""Train: watch networks learn side by side, and the gradient that reaches every time step while they do."""

import streamlit as st

from seqviz.ui.content import prose
from seqviz.ui.page import begin_page, shown_errors
from seqviz.ui.person import known_person, person
from seqviz.ui.training.board import draw_board
from seqviz.ui.training.buttons import press_buttons
from seqviz.ui.training.examples import examples, follow_link, introduce
from seqviz.ui.training.families import family_of
from seqviz.ui.training.form import draw_form
from seqviz.ui.training.lesson import draw_answer, draw_question
from seqviz.ui.training.listing import draw_listing
from seqviz.ui.training.runs import find_again
from seqviz.ui.training.settings import CONTROLS, NAME

with begin_page(NAME, "Train", prose("train", "lead"), CONTROLS) as page:
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
            st.info(prose("train", family_of(page["task"]).empty))
    draw_listing(page, who)
    for section in (*family_of(page["task"]).explained, "same numbers"):
        st.markdown(prose("train", section))
    person()  # last: once the browser tells, the page runs again, and by then its widgets stand
