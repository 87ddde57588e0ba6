"""The parts of the page "Dropout", from settings to figures."""

import streamlit as st

from seqviz.figures.dropout import dropout_figure, narrowest
from seqviz.questions import DROPOUT
from seqviz.subjects.dropout import DropoutSteps
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.gradient.dropout.settings import LAST_STEP, NAME, SETTINGS, SHARES
from seqviz.ui.shell.cache import traced
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import answer, question

MANY = 100  # units of the network that the question is about
LONG = 11  # time steps of it, ten of them from one to the next


def settings(page: Page) -> None:
    """Draw the controls that mean something now, and the button that goes one training step on."""
    for name in SETTINGS:
        if page.applies(DropoutSteps, name):
            page.control(name)
    full = page["step"] >= LAST_STEP
    st.button("Next training step", key=f"{NAME}.next", on_click=_next, args=(page,), disabled=full)
    if full:
        st.caption(f"Step {LAST_STEP:,} is the last that is drawn here.")


def drawn(page: Page) -> None:
    """The masks of the chosen training step over the unrolled network, and what they are."""
    where, training = page["dropout"], page["training"]
    nowhere = where == "layers" and page["layers"] == 1  # one layer has nothing between layers
    record = traced(DROPOUT, page.config(DropoutSteps, **({"dropout": "none"} if nowhere else {})))
    drawing = dropout_figure(record, training=training, where=where)
    show(drawing, key=f"{NAME}.masks", name="dropout-masks", narrowest=narrowest(record))
    if not (record.upward.all() and record.onward[:, 1:].all()):
        st.markdown(f"{prose(NAME, 'marks')} {prose(NAME, where)}")
    else:
        st.markdown(prose(NAME, where if training and not nowhere else "none"))


def predict(page: Page) -> None:
    """A question to answer before the count is shown: how many units remember ten steps when memory itself is dropped."""
    with question(page) as guess:
        if guess is None:
            return
        asked = DropoutSteps(
            dropout="recurrent", dropout_rate=0.2, layers=1, hidden_size=MANY, length=LONG, batch_size=1, seed=page["seed"]
        )  # fmt: skip
        whole = int(traced(DROPOUT, asked).unbroken.sum())
        low, high = SHARES[guess]
        answer(page, f"**{whole} of {MANY}, with the masks of seed {page['seed']}.**", low <= whole / MANY <= high)


def _next(page: Page) -> None:
    page["step"] = page["step"] + 1
