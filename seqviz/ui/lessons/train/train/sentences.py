"""Uploaded sentences to learn a translation from: a file with tabs, or two files line by line."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from seqviz.corpora import ParallelLimits, SentencePair, dealt_out, pairs_of_text, parallel_pairs
from seqviz.errors import SeqvizError
from seqviz.settings import settings
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.page import Page, one_sentence, plain

LONGER = 1.25  # times as long: then what is judged is not what was learned
SHOWN = 3  # sentences, as they are learned


def choose_sentences(page: Page) -> None:
    """Draw the upload of sentences; their name is the page's setting ``translation.text``."""
    limits = settings().limits
    with st.form("train.sentences_form", border=False):
        files = st.file_uploader(
            "One table with a pair in each line, or two files line by line; packed or not",
            key="train.sentences", accept_multiple_files=True, max_upload_size=max(1, limits.parallel_bytes // 1_000_000),
        )  # fmt: skip
        turned = st.checkbox("Translate from the second column or file to the first", key="train.sentences_turned")
        if st.form_submit_button("Use these sentences"):
            _keep(page, [(file.name, file.getvalue()) for file in files or ()], turned)
    _say_which(page)


def limits_here() -> ParallelLimits:
    """Return the most that a person's translations may have on this server."""
    limits = settings().limits
    return ParallelLimits(file_bytes=limits.parallel_bytes, sentences=limits.parallel_lines)


def _keep(page: Page, files: Sequence[tuple[str, Any]], turned: bool) -> None:
    try:
        with st.spinner("Reading the sentences, word by word …", show_time=True):
            pairs = parallel_pairs(files, limits_here())
            if turned:
                pairs = [SentencePair(pair.target, pair.source) for pair in pairs]
            page["translation.text"], page["translation.drawn"] = lab().store.texts.add_pairs(pairs), True
    except SeqvizError as error:
        st.error(plain(one_sentence(error)))


def _say_which(page: Page) -> None:
    name = page["translation.text"]
    if not name:
        st.caption("No sentences yet: nothing can be trained until you give some.")
        return
    chosen = tuple(page[f"translation.{each}"] for each in ("sentences", "longest", "vocabulary", "drawn"))
    try:
        told, examples = _told(name, *chosen)
    except SeqvizError as error:
        st.error(plain(one_sentence(error)))
        return
    st.caption(told)
    for example in examples:
        st.text(example)


@st.cache_data(max_entries=64, show_spinner="Reading the sentences …")
def _told(name: str, count: int, longest: int, most: int, drawn: bool) -> tuple[str, list[str]]:
    """Return in words what would be learned, and the first sentences of it."""
    pairs = pairs_of_text(lab().store.texts.read(name))
    learned, held = dealt_out(pairs, count, longest, drawn=drawn)
    source = {word for pair in learned for word in pair.source}
    target = {word for pair in learned for word in pair.target}
    known = f"{min(len(source), most):,} of {len(source):,} words of the source are known, and {min(len(target), most):,} of "
    lengths = _lengths(learned, held) if len(learned) == count and not drawn else ""  # else it is not the file's order
    told = (
        f"Learning from {name}: {len(pairs):,} sentences. With at most {longest} words on both sides, {len(learned):,} are "
        f"learned and {len(held):,} held out.{lengths} {known}{len(target):,} of the translation; `<unk>` "
        "stands for every other, also where sentences are judged."
    )
    return told, [f"{' '.join(pair.source)} → {' '.join(pair.target)}" for pair in learned[:SHOWN]]


def _lengths(learned: Sequence[SentencePair], held: Sequence[SentencePair]) -> str:
    """Return in words where those that are judged are longer than those that are learned: such a score is of something else."""
    typical = [float(np.median([len(pair.source) for pair in pairs])) for pairs in (learned, held)]
    if typical[1] <= LONGER * typical[0]:
        return ""
    return (
        f" Those held out are longer, typically {typical[1]:g} words beside {typical[0]:g}, because the file begins with its "
        "short sentences: draw from the whole file to learn what is judged."
    )
