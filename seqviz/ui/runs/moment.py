"""The moment shown of runs: a training step of their past, or the newest; and their past shown again, step by step."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from seqviz.lab import RunView
from seqviz.ui.runs.acting import RESTING
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.links import Control, integer_control
from seqviz.ui.shell.page import Page

NOW = -1  # the moment shown is the newest
REPLAYED_IN = 20  # ticks, from the first training step to the last

_REPLAYS = "train.replays"


def moment_control(most: int) -> Control:
    """Return the control called ``at``: the training step shown, up to ``most``."""
    return replace(integer_control("training step shown in every chart (right end: the newest)", NOW, most, NOW), step=1)


def moment_of(page: Page) -> int | None:
    """Return the training step that the page shows; None for the newest."""
    return None if page["at"] == NOW else int(page["at"])


def draw_moment(page: Page, views: Sequence[RunView]) -> None:
    """Draw the slider of the training step shown; its right end is the newest.

    While something trains, the slider keeps its length, so that it can be dragged across ticks.
    """
    first = min(view.experiment.first_step for view in views)
    last = max(view.steps if view.live else view.steps_done for view in views)
    if last <= first:
        return  # there is one moment only
    shown = last if page["at"] == NOW else min(max(page["at"], first), last)
    key, take = f"train.moment.{first}.{last}", partial(_move, page, last)
    page.offer("at", shown, key=key, take=take, span=(first, last))


def _move(page: Page, last: int, step: int) -> None:
    page["at"] = NOW if step >= last else step


def is_past(page: Page, views: Iterable[RunView]) -> bool:
    """Return whether the moment shown is before the newest step."""
    return page["at"] != NOW and any(page["at"] < view.steps_done for view in views)


def moves(page: Page, views: Sequence[RunView]) -> bool:
    """Return whether what is shown changes by itself: something trains, or what was trained is shown again."""
    return replays(page, views) or any(view.live for view in views)


def situation(page: Page, views: Sequence[RunView]) -> object:
    """Return what buttons depend on: which runs there are, their states, and whether they are shown again."""
    return [(view.id, view.state) for view in views], replays(page, views)


def rest(views: Iterable[RunView], who: str) -> None:
    """Pause every run that trains or waits, and what is shown again."""
    st.session_state.pop(_REPLAYS, None)
    for view in views:
        if view.live:
            lab().pause(view.id, who)


def go_on(page: Page, views: Iterable[RunView], who: str) -> None:
    """Let every resting run go on; from a moment in the past, what was trained since is shown again."""
    views = list(views)
    if is_past(page, views):
        st.session_state[_REPLAYS] = True
    else:
        page["at"] = NOW
    for view in views:
        if view.state in RESTING:
            lab().resume(view.id, who)


def replays(page: Page, views: Iterable[RunView]) -> bool:
    """Return whether what was trained is being shown again."""
    return bool(st.session_state.get(_REPLAYS)) and is_past(page, views)


def replay(page: Page, views: Sequence[RunView]) -> None:
    """Where what was trained is being shown again, show a later moment of it; the last one is the newest."""
    if not replays(page, views):
        st.session_state.pop(_REPLAYS, None)
        return
    length = max(view.steps for view in views) - min(view.experiment.first_step for view in views)
    page["at"] = page["at"] + max(1, length // REPLAYED_IN)
    if not is_past(page, views):
        page["at"] = NOW
