"""Predict, then see: a question in a box of its own, whose answer waits for a guess."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

from seqviz.ui.shell.content import prose
from seqviz.ui.shell.links import Control, choice_control
from seqviz.ui.shell.page import Page


def guess_control(guesses: Mapping[str, str], title: str = "your guess", *, shown: bool = False) -> Control:
    """Return the control called ``guess``, for one of ``guesses`` (slug → title), of which the first is none."""
    return choice_control(title, guesses, next(iter(guesses)), shown=shown)


@contextmanager
def question(page: Page, name: str, asked: str = "", guesses: Mapping[str, str] | None = None) -> Iterator[str | None]:
    """Draw a question and the guesses to choose from; what is drawn in the block stands in its box, too.

    Args:
        page: has a control called ``guess``, whose default is no guess.
        name: of the page's prose, whose section "predict" is asked.
        asked: another question, in its place.
        guesses: the titles of its guesses, by slug.

    Yields:
        What was guessed; None where nothing was yet.
    """
    with st.container(border=True):
        st.markdown(asked or prose(name, "predict"))
        guess: str = page.control("guess", titles=guesses)
        yield None if guess == page.controls["guess"].default else guess


def praise(is_right: bool) -> str:
    """Return what is said to a guess, to be put before the answer."""
    return "You saw that. " if is_right else ""
