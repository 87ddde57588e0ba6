"""The pictures of the page "One token's way"."""

from collections import Counter
from dataclasses import replace

import streamlit as st

from seqviz.figures.walk import lens_figure, position_products_figure, positions_figure, walk_finding
from seqviz.language.tokens import quoted, visible
from seqviz.language.words import number
from seqviz.questions import WALK
from seqviz.records import TokenWalk
from seqviz.subjects.walk import WalkedToken
from seqviz.ui.components.figure import show
from seqviz.ui.components.token_walk import reported_rows, show_walk
from seqviz.ui.lessons.transformer.walk.reading import COMPONENT
from seqviz.ui.lessons.transformer.walk.settings import GUESSES, NAME, NEXT_GUESSES
from seqviz.ui.shell.cache import traced, weights_of
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, escaped, told_tokens
from seqviz.ui.shell.prediction import answer, question

MOST_WORDS = 24  # of a sentence that is quoted


def walked(subject: WalkedToken) -> TokenWalk:
    """Draw the token's way, to be stepped through."""
    record = traced(WALK, subject)
    weights = weights_of(subject.run, subject.step)
    show_walk(record, weights, key=COMPONENT, title=walk_finding(record), asked=reported_rows(COMPONENT))
    if record.unknown:
        st.caption(unknown_words(record))
    return record


def legend(record: TokenWalk) -> None:
    """Explain solid and dashed blocks, which depend on whether the norm follows each sum."""
    st.markdown(prose(NAME, "read" if record.norm == "pre" else "read norm after"))


def unknown_words(record: TokenWalk) -> str:
    """Return which of the tokens the network does not know, and what it reads in their place."""
    return prose(NAME, "unknown").replace("TOKENS", told_tokens(record.unknown)).replace("NOUN", record.noun)


def stages(record: TokenWalk) -> None:
    """Draw what the readout would predict after each block."""
    if record.next is not None:
        show(lens_figure(record), key=f"{NAME}.stages", name=f"next-{record.noun}-by-sublayer")
        st.caption(prose(NAME, "lens"))


def places(record: TokenWalk) -> None:
    """Draw the positions, or say that there are none."""
    st.subheader("Positions", anchor=False)
    if record.positions == "none":
        st.markdown(prose(NAME, "no positions" if record.source else "no positions of a text"))
        return
    st.markdown(prose(NAME, record.positions))
    left, right = st.columns(2, gap="medium")
    with left:
        show(positions_figure(record), key=f"{NAME}.positions", name="positions")
    with right:
        show(position_products_figure(record), key=f"{NAME}.products", name="products-of-positions")


def predict(page: Page, subject: WalkedToken, record: TokenWalk) -> None:
    """A question to answer before the network does: what it says without positions."""
    if record.positions == "none":
        return
    if record.source:
        _predict_sentence(page, subject)
    else:
        _predict_next(page, subject, record)


def _predict_sentence(page: Page, subject: WalkedToken) -> None:
    with question(page) as guess:
        if guess is None:
            return
        free = replace(subject, given="", side="decoder", position=0)
        own, blind = (traced(WALK, replace(free, placed=placed)).written for placed in (True, False))
        fate = fate_of(own, blind)
        told = f"**It writes {GUESSES[fate]}: “{_words(blind)}”**, where with positions it writes “{_words(own)}”."
        answer(page, told, guess == fate)


def _predict_next(page: Page, subject: WalkedToken, record: TokenWalk) -> None:
    guesses = {slug: title.format(noun=record.noun) for slug, title in NEXT_GUESSES.items()}
    asked = prose(NAME, "predict next").replace("NOUN", record.noun).replace("TOKEN", escaped(quoted(record.token)))
    with question(page, asked, guesses) as guess:
        if guess is None:
            return
        own, blind = (traced(WALK, replace(subject, placed=placed)).next for placed in (True, False))
        assert own is not None, "a decoder's token is walked"
        assert blind is not None, "a decoder's token is walked"
        fate = "same" if own.words[0] == blind.words[0] else "other"
        (with_them, first), (without, then) = (
            (escaped(visible(one.words[0])), number(float(one.chances[one.best[0]]))) for one in (own, blind)
        )
        told = f"**It is {guesses[fate]}: “{without}”, {then}**; with positions it is “{with_them}”, {first}."
        answer(page, told, guess == fate, prose(NAME, "answer next").replace("NOUN", record.noun))


def _words(written: tuple[str, ...]) -> str:
    """Return what was written as a sentence, a long one's beginning."""
    return escaped(" ".join(written[:MOST_WORDS])) + (" …" if len(written) > MOST_WORDS else "")


def fate_of(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """Return what became of a sentence: the same, its words in another order, or other words.

    >>> fate_of(("a", "b"), ("b", "a")), fate_of(("a",), ("a", "a"))
    ('order', 'other')
    """
    if before == after:
        return "same"
    return "order" if Counter(before) == Counter(after) else "other"
