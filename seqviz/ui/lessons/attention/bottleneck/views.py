"""The views of the page "The bottleneck": one function each, from settings to figures."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import streamlit as st

from seqviz.corpora import CORPORA
from seqviz.corpora.traits import TRAITS
from seqviz.figures.encoder import chain_finding, encoder_gradient_figure, sentence_states_figure, typical_norms
from seqviz.figures.ensemble import ensemble_figure
from seqviz.figures.examination import length_figure
from seqviz.figures.learning import learning_figure
from seqviz.questions import ENCODER_GRADIENT, SENTENCE_STATES
from seqviz.records import EncoderGradient, Examination
from seqviz.subjects.encoder import EncodedSentences, EncoderGradients
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.attention.bottleneck.reading import ORDERS, TRANSLATOR, WAYS, examined, examined_together, translators
from seqviz.ui.lessons.attention.bottleneck.settings import FAR, LEARNED_LONGEST, NAME, SENTENCES, TOGETHER
from seqviz.ui.runs.sharing import BETWEEN_RUNS, write_run
from seqviz.ui.runs.shipped import shipped_experiment, shipped_metrics
from seqviz.ui.shell.cache import traced_many
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import answer, question

ORDER_ROLES = ("forwards", "backwards")
CORPUS = CORPORA["fr-en"]
GUESSED = {"stays": (0.95, 2.0), "falls": (0.1, 0.95), "fails": (-1.0, 0.1)}  # of its share at the lengths learned


def length(page: Page) -> None:
    """How well sentences of each length come out, with attention and without."""
    records = examined(WAYS, sentences=SENTENCES, longest=page["longest"])
    figure = length_figure(records, measure=page["measure"], learned=LEARNED_LONGEST)
    show(figure, key=f"{NAME}.by_length", name="by-length")


def predict(page: Page) -> None:
    """A question to answer before the figure is shown: sentences longer than any that attention learned from."""
    with question(page) as guess:
        if guess is None:
            return
        records = examined(WAYS, sentences=SENTENCES, longest=25)
        learned, beyond = (_share(records["with attention"], *span) for span in ((10, LEARNED_LONGEST), (FAR, 25)))
        low, high = GUESSED[guess]
        said = (
            f"**Of 10 to {LEARNED_LONGEST} words, {100 * learned:.0f} % come out right; of {FAR} to 25 words, "
            f"{100 * beyond:.0f} %.**"
        )
        right = low < beyond / max(learned, 1e-9) <= high
        answer(page, said, right, f"{prose(NAME, 'answer')} {prose(NAME, 'others')}")
        show(length_figure(records, learned=LEARNED_LONGEST), key=f"{NAME}.predicted", name="longer-than-learned")


def _share(record: Examination, shortest: int, longest: int) -> float:
    chosen = (record.lengths >= shortest) & (record.lengths <= longest)
    return float(record.exact[chosen].mean()) if chosen.any() else 0.0


def gradient(page: Page) -> None:
    """How much of the loss is felt at each word that the encoder read, before and after training."""
    runs = translators(WAYS.values())
    asked = {name: page[name] for name in ("length", "sentences", "first")}
    subjects = [EncoderGradients(run=run, trained=trained, **asked) for trained in (False, True) for run in runs]
    records = traced_many(tuple((ENCODER_GRADIENT, subject) for subject in subjects))
    before, after = (dict(zip(WAYS, pair, strict=True)) for pair in (records[:2], records[2:]))
    within = [typical_norms(record, field) for record in records for field in (page["loss"], f"{page['loss']}_chain")]
    for part, when, found in zip(st.columns(2), ("Before training", "After training"), (before, after), strict=True):
        with part:
            figure = encoder_gradient_figure(found, of=page["loss"], when=when, within=within)
            show(figure, key=f"{NAME}.{when.lower().replace(' ', '_')}", name=f"gradient-{when.lower().replace(' ', '-')}")
            st.markdown(f":small[{_checked(found, page['loss'])}]")
    if page["sentences"] == 1:
        st.caption(f"{CORPUS.written(records[0].source[0])} → {CORPUS.written(records[0].target[0])}")


def _checked(found: Mapping[str, EncoderGradient], of: str) -> str:
    said = "; ".join(f"{label} {record.agreement.sentence}" for label, record in found.items())
    return f"{chain_finding(found, of)} ∂L/∂h at the first word, of the whole translation's loss, checked: {said}."


def states(page: Page) -> None:
    """The sentences as points in the vector that the decoder begins in."""
    runs = translators(WAYS.values())
    records = traced_many(tuple((SENTENCE_STATES, EncodedSentences(run=run, longest=page["longest"])) for run in runs))
    trait = TRAITS[page["colour"]]
    for part, label, record in zip(st.columns(2), WAYS, records, strict=True):
        with part:
            written = [CORPUS.written(words) for words in record.source]
            key = label.replace(" ", "_")
            show(sentence_states_figure(record, trait, written, label), key=f"{NAME}.{key}", name=f"states-{key}")


def reversal(page: Page) -> None:
    """Two networks without attention that differ in the order in which they read: how they learn, and what they get right."""
    names = {label: f"{TRANSLATOR}{order}" for label, order in ORDERS.items()}
    curves = {label: shipped_metrics(name) for label, name in names.items()}
    records = examined(ORDERS, sentences=SENTENCES, longest=page["longest"])
    left, right = st.columns(2)
    with left:
        show(learning_figure(curves, counted="words", roles=ORDER_ROLES), key=f"{NAME}.curves", name="learning")
    with right:
        figure = length_figure(records, measure=page["measure"], learned=LEARNED_LONGEST, roles=ORDER_ROLES)
        show(figure, key=f"{NAME}.orders", name="by-length-and-order")
    st.markdown(f"**{reversal_finding(*records.values())}**")
    anew = [replace(shipped_experiment(name), seed=1) for name in names.values()]
    st.markdown(f"[Train both anew, from another seed](train?runs={BETWEEN_RUNS.join(map(write_run, anew))})")


def reversal_finding(forwards: Examination, backwards: Examination) -> str:
    """Return whether reading backwards helped, on these very sentences."""
    shares = [100 * record.exact_share for record in (forwards, backwards)]
    won, lost = (int((here.exact & ~there.exact).sum()) for here, there in ((backwards, forwards), (forwards, backwards)))
    said = f"{shares[1]:.0f} % come out right when the source is read backwards, {shares[0]:.0f} % when it is read forwards"
    verdict = "Reversal helps here" if won > lost + 2 * np.sqrt(won + lost) else "Reversal does not clearly help here"
    if lost > won + 2 * np.sqrt(won + lost):
        verdict = "Reversal hurts here"
    return f"{verdict}: {said}; {won} sentences are right only backwards, {lost} only forwards."


def ensemble(page: Page) -> None:
    """What one to four small networks write together, and each alone."""
    members, together = examined_together(sentences=TOGETHER, width=page["width"])
    show(ensemble_figure(members, together, measure=page["measure"]), key=f"{NAME}.together", name="ensemble")


VIEWS: Mapping[str, Callable[[Page], None]] = {
    "length": length, "gradient": gradient, "states": states, "reversal": reversal, "ensemble": ensemble,
}  # fmt: skip
ASKED: Mapping[str, tuple[str, ...]] = {
    "length": ("measure", "longest"),
    "gradient": ("loss", "length", "sentences", "first"),
    "states": ("colour", "longest"),
    "reversal": ("measure", "longest"),
    "ensemble": ("measure", "width"),
}


WIDTHS: Mapping[str, int] = {"colour": 4, "loss": 3}  # for controls whose options need more room than a slider's 2
ACROSS = 9


def settings(page: Page) -> None:
    """Draw the controls that mean something in the view shown."""
    names = ASKED[page["view"]]
    widths = [WIDTHS.get(name, 2) for name in names]
    for column, name in zip(st.columns([*widths, max(ACROSS - sum(widths), 1)])[:-1], names, strict=True):
        with column:
            page.control(name)
