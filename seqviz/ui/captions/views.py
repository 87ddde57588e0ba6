"""The pictures of the page "An image in words"."""

import streamlit as st

from seqviz.figures.caption import (
    caption_finding,
    pointing_figure,
    relation_place,
    relation_words,
    telling_word,
)
from seqviz.records import Captioning
from seqviz.ui.captions.reading import Shown, captioner, numbers_of, pointed, things_of, whole
from seqviz.ui.captions.settings import NAME
from seqviz.ui.content import prose
from seqviz.ui.figure import show
from seqviz.ui.page import Page, escaped
from seqviz.ui.picture import Erased, show_picture
from seqviz.ui.prediction import praise, question

ERASER = f"{NAME}.eraser"


def what_if(page: Page, shown: Shown) -> None:
    """Draw what a person can take out of the picture, and the way back."""
    things = {thing.number: thing.title for thing in things_of(whole(shown))}
    st.session_state[ERASER] = [number for number in numbers_of(page["erased"]) if number in things]
    st.pills(
        "Erase from the picture", list(things), selection_mode="multi", format_func=things.__getitem__, key=ERASER, wrap=True,
        on_change=_erase, args=(page,),
    )  # fmt: skip
    if page["given"]:
        st.caption(f"You made it begin with “{escaped(page['given'])}”.")
        st.button("Let it write freely again", on_click=_free, args=(page,))


def _erase(page: Page) -> None:
    page["erased"] = ",".join(map(str, sorted(st.session_state[ERASER])))


def _free(page: Page) -> None:
    page["given"] = ""


def looked(page: Page, shown: Shown, record: Captioning) -> None:
    """Draw the picture and its caption; a click erases a thing, a word chosen is written instead."""
    gone = numbers_of(page["erased"])
    left = [thing for thing in things_of(whole(shown)) if thing.number not in gone]
    change = show_picture(
        record, left, key=f"{NAME}.picture", title=caption_finding(record), begin=telling_word(record), note=prose(NAME, "key")
    )
    if isinstance(change, Erased):
        page["erased"] = ",".join(map(str, sorted({*gone, change.number})))
    elif change is not None:
        page["given"] = " ".join((*record.written[: change.place], change.word))
    if change is not None:
        st.rerun()


def pointing() -> None:
    """How often attention is where the word's meaning is, over many pictures."""
    record, card = pointed(), captioner()
    st.subheader("Does it look at what it names?", anchor=False)
    st.markdown(prose(NAME, "pointing"))
    show(pointing_figure(record), key=f"{NAME}.pointing", name="pointing-game")
    exact = (
        "" if card.exact is None else f"Of {card.sequences:,} held-out pictures it captions {100 * card.exact:.1f} % truly. "
    )
    st.caption(f"{exact}{card.model[:1].upper()}{card.model[1:]}.")


def predict(page: Page) -> None:
    """A question to answer before the numbers are shown: where it looks as it writes a relation."""
    with question(page, NAME) as guess:
        if guess is None:
            return
        record = pointed()
        right = praise(relation_place(record) == guess)
        st.markdown(f"**{relation_words(record)}** {right}{prose(NAME, 'answer')}")
