"""Choosing what a character model learns from: this machine's standard library, or an uploaded text."""

from typing import Any

import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.page import Page, one_sentence, plain

SOURCES = {"python": "Python's source", "own": "your own text"}


def choose_text(page: Page) -> None:
    """Draw the choice of a text; the text's name is the page's setting ``text``."""
    own = page["text"].startswith("text-")
    st.session_state.setdefault("train.source", "own" if own else "python")
    source = st.segmented_control(
        "What to learn from", list(SOURCES), format_func=SOURCES.__getitem__, key="train.source", required=True
    )
    if source == "python":
        if own:
            page["text"] = "python"
        st.caption("The standard library of the Python that runs this server, at most 1 MB of its source.")
        return
    _own_text(page)


def _own_text(page: Page) -> None:
    with st.form("train.text_form", border=False):
        pasted = st.text_area("Paste a text", key="train.pasted", height=110)
        upload = st.file_uploader("or upload one (plain text, packed or not)", key="train.upload")
        if st.form_submit_button("Use this text"):
            _keep(page, upload.getvalue() if upload is not None else pasted)
    _say_which(page)


def _keep(page: Page, content: Any) -> None:
    if content == "":
        st.error("Paste a text, or choose a file, first; a file larger than the field allows is not taken.")
        return
    try:
        page["text"] = lab().store.texts.add(content)
    except SeqvizError as error:
        st.error(plain(one_sentence(error)))


def _say_which(page: Page) -> None:
    name = page["text"]
    if not name.startswith("text-"):
        st.caption("No text yet: until you give one, Python's standard library is learned.")
        return
    try:
        text = lab().store.texts.read(name)
    except SeqvizError as error:
        st.error(plain(one_sentence(error)))
        return
    st.caption(f"Learning from {name}: {len(text):,} characters, {len(set(text))} different ones.")
