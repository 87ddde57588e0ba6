"""The views of the page "No chain of steps": one function each, from settings to figures."""

from collections.abc import Callable, Mapping

import streamlit as st

from seqviz.figures.distance import distance_figure, own_step
from seqviz.language.words import number
from seqviz.questions import DISTANCE_AGREEMENT, DISTANT_GRADIENT
from seqviz.records import DistantGradient
from seqviz.subjects.distance import NETWORKS, DistantLoss
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.transformer.distance.positions import positions
from seqviz.ui.lessons.transformer.distance.settings import NAME
from seqviz.ui.lessons.transformer.distance.times import times
from seqviz.ui.shell.cache import traced_many
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, shown_errors
from seqviz.ui.shell.prediction import answer, question

NEAR = 3  # steps back, where every gradient is large enough for finite differences to resolve
FARTHEST = 200  # steps that the question is about
SHARES: Mapping[str, tuple[float, float]] = {
    "same": (0.7, float("inf")), "half": (0.1, 0.7), "tenth": (1e-6, 0.1), "nothing": (-1.0, 1e-6),
}  # fmt: skip


def gradient(page: Page) -> None:
    """How much of the gradient is left at each distance, and how far that can be trusted."""
    picture, beside = st.columns([2.5, 1], gap="medium")
    with beside:
        for name in ("family", "length", "layers", "width", "heads", "seed"):
            page.control(name)
    with picture, shown_errors():
        titles = NETWORKS[page["family"]]
        asked = {name: page.config(DistantLoss, name=name) for name in titles}
        records = traced_many(tuple((DISTANT_GRADIENT, each) for each in asked.values()))
        found: dict[str, DistantGradient] = dict(zip(asked, records, strict=True))
        show(distance_figure(found, titles), key=f"{NAME}.gradient", name="gradient-by-distance")
        st.markdown(f"{prose(NAME, page['family']).replace('SEEDS', str(len(records[0].norms)))} {own_step(found, titles)}")
        _say_checks(page, titles)
    predict(page)


def _say_checks(page: Page, titles: Mapping[str, str]) -> None:
    asked = [(DISTANCE_AGREEMENT, page.config(DistantLoss, name=name, seeds=1, distance=NEAR)) for name in titles]
    checks = zip(titles.values(), traced_many(tuple(asked)), strict=True)
    said = "; ".join(f"{title} {check.sentence}" for title, check in checks)
    st.markdown(f":small[∂L/∂x {NEAR} steps back, first seed, checked: {said}.]")


def predict(page: Page) -> None:
    """A question to answer before the number is shown: what is left of the gradient from far away."""
    with question(page, prose(NAME, "predict").format(length=FARTHEST, back=FARTHEST - 1)) as guess:
        if guess is None:
            return
        asked = tuple(
            (DISTANT_GRADIENT, DistantLoss(name=name, length=FARTHEST, seed=page["seed"])) for name in ("causal", "gru")
        )
        transformer, gru = (float(each.medians[-1] / each.medians[1]) for each in traced_many(asked))
        low, high = SHARES[guess]
        answer(page, f"**{number(transformer)} times as large; in a GRU, {number(gru)} times.**", low < transformer <= high)


VIEWS: Mapping[str, Callable[[Page], None]] = {"gradient": gradient, "time": times, "positions": positions}
