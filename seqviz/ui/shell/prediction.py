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
def question(page: Page, asked: str = "", guesses: Mapping[str, str] | None = None) -> Iterator[str | None]:
    """Draw a question and the guesses to choose from; the block draws into the same box.

    Args:
        page: with a control called ``guess``, whose default is no guess.
        asked: the question; the section "predict" of the page's prose by default.
        guesses: the titles of its guesses, by slug.

    Yields:
        What was guessed; None where nothing was yet.
    """
    with st.container(border=True):
        st.markdown(asked or prose(page.name, "predict"))
        guess: str = page.control("guess", titles=guesses)
        yield None if guess == page.controls["guess"].default else guess


def answer(page: Page, finding: str, right: bool, told: str | None = None) -> None:
    """Answer a question: what is the case, and whether that was guessed.

    Args:
        page: the page with that prose.
        finding: what is the case, in Markdown.
        right: whether that was guessed.
        told: the reason; the section "answer" of the page's prose by default.
    """
    st.markdown(f"{finding} {praise(right)}{prose(page.name, 'answer') if told is None else told}")


def praise(is_right: bool) -> str:
    """Return what is said to a guess, to be put before the answer."""
    return "You saw that. " if is_right else ""
