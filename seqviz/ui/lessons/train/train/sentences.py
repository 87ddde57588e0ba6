"""Uploaded sentences to learn a translation from: a file with tabs, or two files line by line."""

import zlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from seqviz.corpora import Columns, ParallelLimits, SentencePair, dealt_out, pairs_of_text, parallel_pairs, parallel_table
from seqviz.errors import SeqvizError, TextError
from seqviz.settings import settings
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.page import Page, one_sentence, plain

LONGER = 1.25  # times as long: then what is judged is not what was learned
SHOWN = 3  # sentences, as they are learned


def choose_sentences(page: Page) -> None:
    """Draw the upload of sentences; their name is the page's setting ``translation.text``."""
    limits = settings().limits
    given = st.file_uploader(
        "One table with a pair in each line, or two files line by line; packed or not",
        key="train.sentences", accept_multiple_files=True, max_upload_size=max(1, limits.parallel_bytes // 1_000_000),
    )  # fmt: skip
    files = tuple((file.name, file.getvalue()) for file in given or ())
    shown, columns = st.container(), None
    used = st.button("Use these sentences", key="train.sentences_used")
    with shown:
        try:
            columns = _choose_columns(_read(files)) if files else None
            if used:
                _keep(page, files, columns)
        except SeqvizError as error:
            st.error(plain(one_sentence(error)))
    _say_which(page)


def limits_here() -> ParallelLimits:
    """Return the most that a person's translations may have on this server."""
    limits = settings().limits
    return ParallelLimits(file_bytes=limits.parallel_bytes, sentences=limits.parallel_lines)


class _Read(NamedTuple):
    """What files hold, as it is shown before anything is learned."""

    names: tuple[str, ...]  # of the columns, each with what it seems to hold
    first: tuple[tuple[str, ...], ...]  # lines
    likely: Columns | None  # None where that is not clear
    may_have_header: bool
    header: bool


@st.cache_data(max_entries=8, show_spinner="Reading the sentences …")
def _read(files: tuple[tuple[str, bytes], ...]) -> _Read:
    """Return what files hold.

    Raises:
        TextError: they cannot be read.
    """
    table = parallel_table(files, limits_here())
    first = tuple(tuple(cells[: len(table.kinds)]) for _, cells in table.rows[: SHOWN + 1])
    kinds = [f"{at}: {kind}" for at, kind in enumerate(table.kinds, start=1)]
    names = kinds if len(files) == 1 else [f"{at}: {name}" for at, (name, _) in enumerate(files, start=1)]
    return _Read(tuple(names), first, table.likely if table.is_clear else None, len(files) == 1, table.header)


def _choose_columns(read: _Read) -> Columns | None:
    """Draw the choice of columns, and the first lines as they would be learned; None until two are chosen."""
    likely = read.likely or (None, None)
    places, mark = range(len(read.names)), zlib.crc32(repr(read).encode())  # other files, another choice
    with st.container(horizontal=True):
        source, target = (
            st.selectbox(
                label, places, index=likely[at], format_func=read.names.__getitem__, placeholder="Choose",
                key=f"train.sentences_{label.lower()}.{mark}",
            )
            for at, label in enumerate(("Source", "Translation"))
        )  # fmt: skip
    header = read.may_have_header and st.checkbox(
        "The first line is a header", value=read.header, key=f"train.sentences_header.{mark}"
    )
    if source is None or target is None:
        st.caption(f"Which two of the {len(read.names)} columns are meant is not clear; the first lines are:")
        st.text("\n".join(" | ".join(cells) for cells in read.first[:SHOWN]))
        return None
    st.text("\n".join(f"{cells[source]} → {cells[target]}" for cells in read.first[header : SHOWN + header]))
    return Columns(source, target, header)


def _keep(page: Page, files: Sequence[tuple[str, Any]], columns: Columns | None) -> None:
    """Keep the sentences as the page's own.

    Raises:
        TextError: they cannot be learned from, or which they are is not chosen yet.
    """
    if files and columns is None:
        raise TextError("choose the column of the sentences and that of their translations first")
    if columns is not None and columns.source == columns.target:
        raise TextError(f"sentences and translations must be two columns, got {columns.source + 1} for both")
    with st.spinner("Reading the sentences, word by word …", show_time=True):
        pairs = parallel_pairs(files, limits_here(), columns=columns)
        page["translation.text"], page["translation.drawn"] = lab().store.texts.add_pairs(pairs), True


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
