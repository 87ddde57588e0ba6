"""A card for each run on the board: its state, how long it will take, and what can be done with it."""

import time
from collections.abc import Sequence

import streamlit as st

from seqviz.experiment import MODELS, RecurrentConfig
from seqviz.experiment.task import CaptionsConfig
from seqviz.lab import RunView
from seqviz.subjects.walk import can_be_walked
from seqviz.ui.lessons.train.train.charts import Board
from seqviz.ui.lessons.train.train.runs import branch, show
from seqviz.ui.runs.acting import RESTING
from seqviz.ui.runs.moment import go_on, moment_of
from seqviz.ui.runs.sharing import write_run
from seqviz.ui.runs.take_home import offer
from seqviz.ui.runs.translators import translates
from seqviz.ui.runs.words import advice, chip, length_of, made_with, progress, share_done
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.page import Page, again, attempt, plain

CARDS_A_ROW = 3
TRANSLATE = "pages/attention/translate.py"
CAPTIONS = "pages/attention/captions.py"
HEADS = "pages/transformer/heads.py"
WALK = "pages/transformer/walk.py"


def draw_cards(page: Page, views: Sequence[RunView], who: str | None) -> None:
    """Draw a card for each run."""
    named = list(Board(views=views).named.items())
    for first in range(0, len(named), CARDS_A_ROW):
        row = named[first : first + CARDS_A_ROW]
        for place, (name, view) in zip(st.columns(len(row)), row, strict=True):
            with place.container(border=True, gap="small", key=f"train-card-{view.id}"):
                _card(page, name, view, views, who)


def _card(page: Page, name: str, view: RunView, views: Sequence[RunView], who: str | None) -> None:
    at = moment_of(page)
    word, colour = chip(view, at)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{name}**", width="content")
        if view.pretrained:
            st.badge(f"comes with seqviz: {length_of(view.experiment)}", color="violet")
        else:
            st.badge(word, color=colour)  # type: ignore[arg-type]
    st.progress(share_done(view, at), text=progress(view, _quiet(view), at))
    if view.pretrained:
        st.caption(f"Made with {made_with(view.experiment)}.")
    if advice(view):
        st.caption(plain(advice(view)))
    with st.container(horizontal=True):
        if who is not None and not view.pretrained:
            _controls(page, view, who)
        if view.state == "done" and translates(view.experiment):
            st.page_link(TRANSLATE, label="Watch it translate", icon=":material/translate:", query_params={"run": view.id})
        if view.state == "done" and isinstance(view.experiment.task, CaptionsConfig):
            st.page_link(CAPTIONS, label="See where it looks", icon=":material/visibility:", query_params={"run": view.id})
        if view.state == "done" and "heads" in MODELS[view.experiment.model.name].traces:
            st.page_link(HEADS, label="Look at its heads", icon=":material/grid_view:", query_params={"run": view.id})
        if view.state == "done" and can_be_walked(view.experiment):
            st.page_link(WALK, label="Walk through it", icon=":material/route:", query_params={"run": view.id})
        with st.popover("⋯", help="Take it home, go on with other settings"):
            _more(page, view, views, who)


def _quiet(view: RunView) -> float:
    """Return for how many seconds this session has seen no news of a run."""
    heard = st.session_state.setdefault("train.heard", {})
    steps, since = heard.get(view.id, (None, 0.0))
    if steps != view.steps_done or view.state != "running":
        heard[view.id] = (view.steps_done, time.monotonic())
        return 0.0
    return float(time.monotonic() - since)


def _controls(page: Page, view: RunView, who: str) -> None:
    """Draw what changes this run; it only ever lets go of this person's hold on it."""
    if view.live:
        if st.button("Pause", key=f"train.pause.{view.id}") and attempt(lambda: lab().pause(view.id, who)):
            again(page)
        if st.button("Cancel", key=f"train.cancel.{view.id}") and attempt(lambda: lab().stop(view.id, who)):
            again(page)
    elif (
        view.state in RESTING
        and st.button("Go on", key=f"train.resume.{view.id}")
        and attempt(lambda: go_on(page, [view], who))
    ):
        again(page)


def _more(page: Page, view: RunView, views: Sequence[RunView], who: str | None) -> None:
    if view.machine:
        st.caption(f"Computed on {view.machine}.")
    if isinstance(view.experiment.model, RecurrentConfig):
        link = f"step?runs={write_run(view.experiment)}&done={view.experiment.first_step}"
        st.markdown(
            f"[One of its training steps in slow motion]({link})"
        )  # no page link: this page also works without the menu
    if who is not None and not view.live and view.steps_done > view.experiment.first_step:
        st.caption("A new run that starts with these weights, at the training step shown, and the form's training settings:")
        if st.button("Go on with other settings", key=f"train.branch.{view.id}", width="stretch") and attempt(
            lambda: branch(page, view, views, who)
        ):
            again(page)
    if page["runs"] and st.button("Take off the board", key=f"train.hide.{view.id}", width="stretch"):
        show(page, [one for one in views if one.id != view.id])
        again(page)
    offer(view)
