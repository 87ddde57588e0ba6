"""The pictures of the page "Watch it translate"."""

import math
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from seqviz.corpora import SentencePair
from seqviz.experiment.subject import Sentence
from seqviz.figures.search_tree import depths_and_rows, search_tree_figure
from seqviz.figures.translation import alignment_words, translation_finding
from seqviz.figures.words import number
from seqviz.records import SearchTree, Translation
from seqviz.ui.alignment import show_alignment
from seqviz.ui.cached import traced
from seqviz.ui.content import prose
from seqviz.ui.figure import Point, show
from seqviz.ui.page import Page
from seqviz.ui.translation.reading import Translator, translated
from seqviz.ui.translation.settings import NAME


def what_if(page: Page) -> None:
    """Draw what a person can make the network do."""
    page.control("given")
    page.control("temperature")
    if page["temperature"]:
        page.control("seed")
    if page["looks"]:
        st.caption(f"Attention was moved at {len(page['looks'].split(','))} of the words.")
        st.button("Let attention go free again", on_click=_free, args=(page,))


def _free(page: Page) -> None:
    page["looks"] = ""


def stepped(page: Page, record: Translation, pair: SentencePair | None) -> None:
    """Draw the translation, to be stepped through; a click on the map moves the attention there."""
    right = None if pair is None else pair.target
    finding = translation_finding(record, right)
    is_right = pair is not None and record.written[:-1] == pair.target
    links = pair.links if pair is not None and is_right else None
    place = show_alignment(record, key=f"{NAME}.alignment", title=finding, gold=links)
    if links is not None and record.weights is not None:
        st.caption(f"{alignment_words(record, links)} {prose(NAME, 'off by one')}")
    if place is not None:
        moved = {written: looked for written, looked in _pairs(page["looks"]) if written != place[0]} | {place[0]: place[1]}
        page["looks"] = ",".join(f"{written}:{looked}" for written, looked in sorted(moved.items()))
        st.rerun()


def _pairs(looks: str) -> list[tuple[int, int]]:
    return [(int(pair.split(":")[0]), int(pair.split(":")[1])) for pair in looks.split(",") if pair]


def search(page: Page, translator: Translator, sentence: Sentence, pair: SentencePair | None) -> None:
    """Draw the hypotheses of a beam search as a tree; a click on a word makes the network begin with that branch."""
    st.subheader("Beam search", anchor=False)
    st.markdown(prose(NAME, "beam"))
    page.control("width")
    free = replace(sentence, given="", looks="", temperature=0.0, width=page["width"])
    record: SearchTree = traced("search", free)
    greedy = translated(replace(free, width=1))
    words = translator.written(record.token)
    clicked = show(
        search_tree_figure(record, words, greedy.probability), key=f"{NAME}.tree", name="beam-search", clickable=True
    )
    if pair is not None:
        st.caption(_error(record, words, pair, translated(replace(free, given=" ".join((*pair.target, "<eos>"))))))
    if clicked is not None:
        node = _node_at(record, clicked)
        page["given"] = " ".join(words[each] for each in record.path(node)) if node is not None else page["given"]
        st.rerun()


def _error(record: SearchTree, words: Sequence[str], pair: SentencePair, right: Translation) -> str:
    """Return whether a wrong translation is the search's fault or the network's."""
    best = record.path(int(record.found[0]))
    if tuple(words[node] for node in best if words[node] != "<eos>") == pair.target:
        return "The beam's best is right."
    found = math.exp(float(record.total[best[-1]]))
    if right.probability > found:
        return f"A **search error**: the network gives the right one {number(right.probability)}, more, and the beam missed it."
    return f"A **model error**: the network gives the right translation only {number(right.probability)}."


def _node_at(record: SearchTree, point: Point) -> int | None:
    x, y = depths_and_rows(record)
    found = [node for node in range(len(x)) if x[node] == point.x and y[node] == point.y]
    return found[0] if found else None
