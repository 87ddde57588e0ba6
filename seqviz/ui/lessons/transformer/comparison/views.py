"""The views of the page "One task, three networks": one function each, from settings to figures."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from seqviz.experiment import TransformerConfig
from seqviz.figures.comparison import (
    ROLES_IN_TURN,
    alignment_figure,
    bleu_figure,
    first_good,
    good_first,
    heads_figure,
    held_out_figure,
    learning_figure,
    pace_figure,
    parameters_figure,
)
from seqviz.figures.examination import length_figure
from seqviz.language.words import listed, raised
from seqviz.questions import EXAMINATION, HEAD_ALIGNMENT
from seqviz.records import Probes
from seqviz.records.training import EXACT_OF
from seqviz.studies import EXAMINED
from seqviz.subjects.distance import WRITERS
from seqviz.ui.components.figure import show, show_two_a_row
from seqviz.ui.lessons.transformer.comparison.reading import (
    Contender,
    choose_own,
    compared,
    contenders,
    examined,
    probes_of,
    study,
)
from seqviz.ui.lessons.transformer.comparison.settings import HEAD_SENTENCES, NAME, SENTENCES
from seqviz.ui.runs.sharing import BETWEEN_RUNS, write_run
from seqviz.ui.runs.translators import least_error
from seqviz.ui.shell.cache import lab, traced, traced_many
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, plain
from seqviz.ui.shell.prediction import praise, question


def held(page: Page) -> None:
    """How good each is on sentences it never saw, how closely it looks, how large it is, and how fast."""
    choose_own(page)
    rows = compared(contenders(page))
    show(held_out_figure(rows), key=f"{NAME}.held", name="held-out")
    figures = {
        "bleu": bleu_figure(rows),
        "alignment": alignment_figure(rows, least_error(EXAMINED)),
        "weights": parameters_figure(rows),
        "pace": pace_figure(rows),
    }
    show_two_a_row(NAME, figures)
    own = f" {prose(NAME, 'own')}" if page["own"] else ""
    st.caption(f"{study().title} {prose(NAME, 'pace').format(examined=EXAMINED)} ({study().machine}).{own}")


def length(page: Page) -> None:
    """How well sentences of each length come out."""
    choose_own(page)
    page.control("measure")
    each = contenders(page)
    with st.spinner("Translating …", show_time=True):
        records = traced_many(tuple((EXAMINATION, examined(one, SENTENCES)) for one in each))
    found = {one.label: record for one, record in zip(each, records, strict=True)}
    figure = length_figure(found, measure=page["measure"], roles=ROLES_IN_TURN, by="by the ")
    show(figure, key=f"{NAME}.by_length", name="by-length")
    st.markdown(prose(NAME, page["measure"]).format(sentences=SENTENCES))


def learning(page: Page) -> None:
    """The share of sentences written without a mistake while each learns, by steps or by seconds."""
    choose_own(page)
    axis = page.control("axis")
    runs, each = _learned(contenders(page))
    seconds = {one.label: one.step_seconds for one in each} if axis == "seconds" else None
    show(learning_figure(runs, seconds), key=f"{NAME}.learning", name="learning")
    told = prose(NAME, "learning").format(sentences=EXACT_OF) if seconds is None else prose(NAME, "seconds")
    st.markdown(f"{told} {_anew()}")
    predict(page, axis)


def _anew() -> str:
    """Return a link that trains the three from a seed that the study has not."""
    found = [lab().store.experiment(row.run) for row in study().rows if row.seed == 0]
    seed = max(row.seed for row in study().rows) + 1
    runs = BETWEEN_RUNS.join(write_run(replace(one, seed=seed)) for one in found if one is not None)
    return f"[Train the three anew, from seed {seed}](train?runs={runs}): then they can be chosen here."


def _learned(every: list[Contender]) -> tuple[dict[str, Probes], list[Contender]]:
    found = [(one, probes_of(one.run)) for one in every]
    return {one.label: run for one, run in found if run is not None}, [one for one, run in found if run is not None]


def predict(page: Page, axis: str) -> None:
    """A question to answer: which of the three first writes nine of ten right, counted on the axis that is not on screen."""
    _ask_anew(page, axis)
    with question(page, prose(NAME, f"predict-{axis}")) as guess:
        if guess is None:
            return
        rows = {arm: study().of(arm)[0] for arm in WRITERS}
        paces = {arm: row.step_seconds for arm, row in rows.items()} if axis == "steps" else None
        first, when = good_first({arm: _first(row.run) for arm, row in rows.items()}, paces)
        if not first:
            st.markdown("**None of them does.**")
            return
        who = listed([f"the {WRITERS[arm]}" for arm in first])
        seen = "You saw one of them. " if guess in first and len(first) > 1 else praise(guess in first)
        st.markdown(f"**{raised(who)}, {when}.** {seen}{prose(NAME, 'answer')}")


def _ask_anew(page: Page, axis: str) -> None:
    """Let go of a guess at one axis's question where the other's is asked now, unless a link brings both."""
    key = f"{NAME}.asked"
    asked, linked = st.session_state.get(key, axis), (page.linked["axis"], page.linked["guess"])
    if asked != axis and linked != (axis, page["guess"]):
        page["guess"] = page.controls["guess"].default
    st.session_state[key] = axis


def _first(run: str) -> int | None:
    kept = probes_of(run)
    return None if kept is None else first_good(kept)


def heads(page: Page) -> None:
    """How closely each head of a Transformer follows the known alignments."""
    choose_own(page)
    every = contenders(page)
    transformers = [one for one in every if isinstance(_model(one), TransformerConfig)]
    beside = next((row.measures.get("alignment_error") for row in study().rows if row.arm == "additive"), None)
    for one in transformers:
        with st.spinner("Holding every head against the grammar …", show_time=True):
            record = traced(HEAD_ALIGNMENT, examined(one, HEAD_SENTENCES))
        if one.own:
            st.markdown(plain(f"**{one.label}**"))
        show(heads_figure(record, least_error(HEAD_SENTENCES), beside), key=f"{NAME}.heads.{one.run}", name=f"heads-{one.run}")
    st.markdown(prose(NAME, "heads").format(sentences=HEAD_SENTENCES))


def _model(one: Contender) -> object:
    experiment = lab().store.experiment(one.run)
    return None if experiment is None else experiment.model


VIEWS: Mapping[str, Callable[[Page], None]] = {"held": held, "length": length, "learning": learning, "heads": heads}
