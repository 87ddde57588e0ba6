"""The view of words: their influence on the next word in each network, and accuracy by the distance between two words."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import streamlit as st

from seqviz.corpora import Dependency, held_out_dependency
from seqviz.corpora.dependencies import KINDS
from seqviz.corpora.dependency_lexicon import CLASSES
from seqviz.experiment.task import WordsConfig
from seqviz.figures.influence import Cue, Place, accuracy_figure, other_measure
from seqviz.figures.look import name_of
from seqviz.questions import DEPENDENCIES, WORD_INFLUENCE
from seqviz.records import WordInfluence
from seqviz.subjects.influence import DistantWords, ReadSentence
from seqviz.ui.components.figure import show
from seqviz.ui.components.influenced_words import show_influenced_words
from seqviz.ui.lessons.gradient.influence.settings import FARTHEST, NAME, READERS
from seqviz.ui.runs.shipped import shipped, shipped_experiment
from seqviz.ui.shell.cache import traced_many
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, plain, told_tokens

EXAMINED = 50  # held-out sentences of each distance


class Chosen(NamedTuple):
    """The beginning of a sentence, and the word asked for next."""

    text: str
    asked: str  # empty: whatever each network finds the likeliest
    cue: Cue | None  # the word that decides, where it is known


def words(page: Page) -> None:
    """A sentence's words shaded by their influence, network by network; then accuracy by the number of words between."""
    kind = page.control("sentence")
    chosen = _typed(page) if kind == "typed" else _held_out(page, kind)
    measure = page.control("measure")
    runs = {name: shipped(run).run for name, run in READERS.items()}
    asked = tuple((WORD_INFLUENCE, ReadSentence(run=run, text=chosen.text, asked=chosen.asked)) for run in runs.values())
    records = dict(zip(runs, traced_many(asked), strict=True))
    show_influenced_words(records, measure=measure, cue=chosen.cue, key=f"{NAME}.owed")
    _say_unknown(next(iter(records.values())))
    compared = "" if chosen.cue is None else plain(other_measure(records, measure, chosen.cue))
    checked = _checked(records) if measure == "gradient" else ""
    st.markdown(f":small[{prose(NAME, measure)} {compared} {checked}]")
    if kind != "typed":
        _by_distance(kind, page["fillers"], runs)
    with st.expander("The words that they know"):
        for title, known in CLASSES.items():
            st.markdown(f"**{title[:1].upper()}{title[1:]}**: {', '.join(known)}")


def _say_unknown(record: WordInfluence) -> None:
    unknown = [word for word, known in zip(record.words, record.known, strict=True) if not known]
    if unknown:
        st.caption(f"Not known to the networks, which read one and the same sign in their place: {told_tokens(unknown)}.")


def _held_out(page: Page, kind: str) -> Chosen:
    left, right = st.columns(2)
    with left:
        fillers = page.control("fillers")
    with right:
        number = page.control("number")
    sentence: Dependency = held_out_dependency(kind, fillers, number)
    return Chosen(" ".join(sentence.words[: sentence.target]), sentence.words[sentence.target], Cue(sentence.cue, fillers))


def _typed(page: Page) -> Chosen:
    left, right = st.columns([3, 1])
    with left:
        text = page.control("text")
    with right:
        asked = page.control("asked")
    return Chosen(text, asked.strip(), None)


def _checked(records: Mapping[str, WordInfluence]) -> str:
    said = [f"{name_of(cell)} {record.agreement.sentence}" for cell, record in records.items()]
    return f"The largest product, checked: {'; '.join(said)}."


def _by_distance(kind: str, fillers: int, runs: Mapping[str, str]) -> None:
    asked = [DistantWords(run=run, dependency=kind, sentences=EXAMINED, fillers=FARTHEST) for run in runs.values()]
    records = dict(zip(runs, traced_many(tuple((DEPENDENCIES, one) for one in asked)), strict=True))
    place = Place(fillers=fillers, learned=_learned(next(iter(READERS.values()))))
    show(accuracy_figure(records, place, 1 / len(KINDS[kind].alternatives)), key=f"{NAME}.by_distance", name="by-distance")
    st.markdown(f":small[{prose(NAME, 'accuracy')}]")


@cache
def _learned(name: str) -> int:
    """Return the most fillers that a run has learned from."""
    task = shipped_experiment(name).task
    assert isinstance(task, WordsConfig), "this is what its recipe trains it on"
    return task.fillers
