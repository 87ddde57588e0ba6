"""Copying with positions and without: what a study found over seeds, and the same live, from one seed."""

import numpy as np
import streamlit as st

from seqviz.experiment import RecurrentConfig, TransformerConfig
from seqviz.figures.race import band_figure, race_figure
from seqviz.language.words import listed
from seqviz.recipes.transformer_studies import COPIERS, DELAY, copier, positions_study
from seqviz.studies import StudyResult
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.transformer.distance.settings import COPYING, NAME, copying_course
from seqviz.ui.runs.followed import Views, follow, offer, tell
from seqviz.ui.runs.shipped import shipped_study
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, shown_errors

SYMBOLS = 8  # of which each of the ten is one


def positions(page: Page) -> None:
    """The study's curves and its final accuracy, then a race of your own."""
    study = positions_study()
    result, course = shipped_study(study.name), copying_course(DELAY)
    steps = {arm: experiment.training.steps for arm, experiment in study.arms.items()}
    show(band_figure(result, course, steps), key=f"{NAME}.study", name="copying-study")
    st.markdown(f"{_networks()} {recalled(result)}")
    st.caption(f"{result.title} Computed on {result.machine}.")
    with st.container(border=True), shown_errors():
        _own(page)


def _networks() -> str:
    """Return what the networks have to do, and how large they are."""
    transformer, recurrent = COPIERS["sinusoidal"].model, COPIERS["lstm"].model
    assert isinstance(transformer, TransformerConfig), "it has heads"
    assert isinstance(recurrent, RecurrentConfig), "it has states"
    return prose(NAME, "positions").format(
        layers=transformer.layers, heads=transformer.heads, width=transformer.width, units=recurrent.hidden_size
    )  # fmt: skip


def recalled(result: StudyResult) -> str:
    """Return the share of the ten symbols that each arm finally reproduces, in words."""
    told = [f"{100 * float(np.median(result.values(arm, 'metric'))):.0f} % by {COPYING[arm]}" for arm in result.arms]
    return f"Given back right in the end: {listed(told)}; guessing gets {100 / SYMBOLS:g} %."


def _own(page: Page) -> None:
    st.markdown(prose(NAME, "own"))
    arms = page.control("arms")
    for column, name in zip(st.columns(3), ("delay", "steps", "seed"), strict=True):
        with column:
            page.control(name)
    course = copying_course(page["delay"])
    settings = {"length": page["delay"], "steps": page["steps"], "seed": page["seed"]}
    experiments = {arm: copier(arm, **settings) for arm in arms}

    def draw(views: Views) -> None:
        if views:
            raced = {arm: view.metrics for arm, view in views.items()}
            ends = {arm: view.steps for arm, view in views.items()}
            show(race_figure(raced, course, steps=ends), key=f"{NAME}.race", name="race")
        tell(views, course.titles)

    follow(page, experiments, draw)
    offer(page, experiments, "Race", key=f"{NAME}.own")
