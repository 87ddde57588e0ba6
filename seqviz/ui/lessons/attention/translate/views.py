"""The pictures of the page "Watch it translate"."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

import pandas as pd
import streamlit as st

from seqviz.corpora import SentencePair
from seqviz.figures.translation import (
    alignment_words,
    depths_and_rows,
    neighbours_finding,
    search_tree_figure,
    translation_finding,
)
from seqviz.language.words import listed, number
from seqviz.questions import BEAM_SEARCH, NEIGHBOURS
from seqviz.records import SearchTree, Translation
from seqviz.subjects.translation import Sentence
from seqviz.ui.components.alignment import show_alignment
from seqviz.ui.components.figure import Point, clicked, show
from seqviz.ui.lessons.attention.translate.reading import translated
from seqviz.ui.lessons.attention.translate.settings import GUESSES, NAME
from seqviz.ui.runs.translators import Translator
from seqviz.ui.shell.cache import traced
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, escaped
from seqviz.ui.shell.prediction import answer, question

SHOWN_WORDS = 12
WORD_WIDTH = 62  # pixels that a word of the tree needs


def take_branch(page: Page, translator: Translator, text: str) -> None:
    """Make the network begin with the branch of the tree that was clicked just now; before the widgets are drawn."""
    point = clicked(f"{NAME}.tree")
    if point is None:
        return
    record = traced(BEAM_SEARCH, _free_search(page, translator, text))
    node = _node_at(record, point)
    if node is not None:
        words = translator.target.decode(record.token)
        page["given"], page["reads"], page["looks"] = " ".join(words[each] for each in record.path(node)), "own", ""


def _free_search(page: Page, translator: Translator, text: str) -> Sentence:
    return Sentence(run=translator.run, step=translator.step, text=text, width=page["width"])


def what_if(page: Page, pair: SentencePair | None) -> None:
    """Draw what a person can make the network do."""
    if pair is not None:
        page.control("reads")
    if pair is None or page["reads"] == "own":
        page.control("given")
        page.control("temperature")
        if page["temperature"]:
            page.control("seed")
    if page["looks"]:
        st.caption(f"Attention was moved at {len(page['looks'].split(','))} of the words.")
        st.button("Let attention go free again", on_click=_free, args=(page,))


def _free(page: Page) -> None:
    page["looks"] = ""


def stepped(page: Page, translator: Translator, sentence: Sentence, pair: SentencePair | None) -> None:
    """Draw the translation, to be stepped through; a click on the map moves the attention there."""
    record = translated(sentence)
    right = None if pair is None else pair.target
    finding = translation_finding(record, right, translator.corpus.written)
    is_right = pair is not None and record.written[:-1] == pair.target
    links = pair.links or None if pair is not None and is_right else None  # typed sentences have no known links
    place = show_alignment(record, key=f"{NAME}.alignment", title=finding, gold=links)
    _beneath(record, pair, links)
    st.markdown(prose(NAME, "steps of heads" if record.heads else "steps" if record.weights is not None else "steps blind"))
    if place is not None:
        moved = {written: looked for written, looked in _pairs(page["looks"]) if written != place[0]} | {place[0]: place[1]}
        page["looks"] = ",".join(f"{written}:{looked}" for written, looked in sorted(moved.items()))
        st.rerun()


def _beneath(record: Translation, pair: SentencePair | None, links: Iterable[tuple[int, int]] | None) -> None:
    """Explain the marks of the picture, and the distance of attention from the grammar's links."""
    unknown = [word for word, known in zip(record.source, record.known, strict=True) if not known]
    if unknown:
        st.caption(f"In dotted italics: {escaped(listed(unknown))}, unknown to the network, which reads <unk> instead.")
    if record.weights is None:
        return
    if links is not None:
        st.caption(f"Circles on the map: the grammar's own links. {alignment_words(record, links)}")
    elif pair is not None and pair.links:
        st.caption(prose(NAME, "no links"))


def _pairs(looks: str) -> list[tuple[int, int]]:
    return [(int(pair.split(":")[0]), int(pair.split(":")[1])) for pair in looks.split(",") if pair]


def predict(page: Page, translator: Translator, sentence: Sentence) -> None:
    """A question to answer before the network does: attention that never leaves the first word."""
    free = translated(replace(sentence, given="", looks="", temperature=0.0))
    if free.weights is None:
        return
    with question(page) as guess:
        if guess is None:
            return
        stuck = translated(replace(sentence, given="", looks=",".join(f"{word}:0" for word in range(100)), temperature=0.0))
        words = stuck.written[:-1] if stuck.ended else stuck.written
        fate = "same" if stuck.written == free.written else "stuck" if is_stuck(words) else "other"
        said = escaped(shortened(words, translator.corpus.written))
        why = ("answer same" if fate == "same" else "answer") + ("" if translator.recurrent else " of heads")
        answer(page, f"**It writes {GUESSES[fate]}: “{said}”.**", guess == fate, prose(NAME, why))


def shortened(words: tuple[str, ...], written: Callable[[tuple[str, ...]], str]) -> str:
    """Return the words as a sentence, a long one's beginning; ``written`` puts words together.

    >>> shortened(("now",) * 20, " ".join)
    'now now now now now now now now now now now now …'
    """
    return written(words[:SHOWN_WORDS]) + (" …" if len(words) > SHOWN_WORDS else "")


def is_stuck(written: Sequence[str]) -> bool:
    """Return whether most of what is written is one word, three times or more in a row.

    >>> is_stuck(("the", "the", "the")), is_stuck(("the", "cat", "the")), is_stuck(("1", "3", "5", "9", "9", "9"))
    (True, False, False)
    """
    longest = max((len(list(same)) for _, same in groupby(written)), default=0)
    return longest >= 3 and 3 * longest > 2 * len(written)


def search(page: Page, translator: Translator, sentence: Sentence, pair: SentencePair | None) -> None:
    """Draw the hypotheses of a beam search as a tree; a click on a word makes the network begin with that branch."""
    st.subheader("Beam search", anchor=False)
    st.markdown(prose(NAME, "beam"))
    page.control("width")
    made = "" if pair is not None and page["reads"] == "right" else page["given"]
    if made:
        st.caption(f"Above, the network was made to begin with “{escaped(made)}”; the search below is free.")
    elif page["looks"] or page["temperature"] or page["reads"] == "right":
        st.caption(prose(NAME, "free"))
    free = _free_search(page, translator, sentence.text)
    record = traced(BEAM_SEARCH, free)
    greedy = translated(free)
    words = translator.target.decode(record.token)
    show(
        search_tree_figure(record, words, greedy.probability, translator.corpus.written),
        key=f"{NAME}.tree",
        name="beam-search",
        clickable=True,
        narrowest=WORD_WIDTH * len(greedy.written),
    )
    if pair is not None:
        st.caption(_error(record, words, pair, greedy, translated(replace(free, given=translator.given(pair)))))


def alike(sentence: Sentence, translator: Translator) -> None:
    """List the training sentences with the nearest encoder states."""
    if not translator.recurrent:  # a Transformer has no single state to compare
        return
    record = traced(NEIGHBOURS, Sentence(run=sentence.run, step=sentence.step, text=sentence.text))
    st.markdown(f"**{escaped(neighbours_finding(record, translator.corpus.written))}**")
    st.markdown(prose(NAME, "alike"))
    rows = zip(record.sources, record.targets, record.similarity, strict=True)
    written = [(near, translator.corpus.written(source), translator.corpus.written(target)) for source, target, near in rows]
    st.dataframe(
        pd.DataFrame(written, columns=["cosine", "learned from", "its translation"]), hide_index=True, width="stretch",
        column_config={"cosine": st.column_config.NumberColumn(format="%.3f", width="small")},
    )  # fmt: skip


def _error(record: SearchTree, words: Sequence[str], pair: SentencePair, greedy: Translation, right: Translation) -> str:
    """Return whether a wrong translation is the search's fault or the network's."""
    best = record.path(int(record.found[0]))
    if tuple(words[node] for node in best if words[node] != "<eos>") == pair.target:
        if greedy.written == right.written:
            return "The beam's best is right, and so is greedy search."
        return "The beam's best is right. Greedy search misses it: a **search error**."
    found = math.exp(float(record.total[best[-1]]))
    if right.probability > found:
        return f"A **search error**: the network gives the right one {number(right.probability)}, more, and the beam missed it."
    return f"A **model error**: the network gives the right translation only {number(right.probability)}."


def _node_at(record: SearchTree, point: Point) -> int | None:
    x, y = depths_and_rows(record)
    found = [node for node in range(len(x)) if x[node] == point.x and y[node] == point.y]
    return found[0] if found else None
