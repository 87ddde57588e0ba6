"""The buttons above the board: train, step, pause, go on, reset, new seed."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from seqviz.lab import RunView
from seqviz.ui.page import Page, plain
from seqviz.ui.training import runs

_REPEATS = "what was trained from there before is shown again, since the same seed gives the same numbers"


def press_buttons(page: Page, who: str | None, bar: Any) -> list[RunView]:
    """Draw the buttons, do what was pressed, and return the runs to show; say why some cannot be shown.

    Args:
        page: its settings.
        who: the person; until the browser has told, nothing can be pressed.
        bar: the container that the buttons stand in.
    """
    views, problems = runs.shown_runs(page, who)
    with bar:
        pressed = _buttons(page, views, who is None)
    if pressed is not None and who is not None:
        _do(pressed, page, views, who)
    for problem in problems:
        st.error(plain(problem))
    return views


def _do(pressed: str, page: Page, views: Sequence[RunView], who: str) -> None:
    actions = {
        "train": lambda: runs.train(page, who),
        "step": lambda: runs.step(page, views, who),
        "reset": lambda: runs.reset(page, views, who),
        "pause": lambda: runs.rest(views, who),
        "go on": lambda: runs.go_on(page, views, who),
    }
    if runs.attempt(actions[pressed]):
        runs.again(page)  # the buttons follow what was done


def _buttons(page: Page, views: Sequence[RunView], early: bool) -> str | None:
    moves = any(view.live for view in views) or runs.replays(page, views)
    rests = any(view.state in runs.RESTING for view in views) or runs.is_past(page, views)
    why_not = _why_no_step(page, views, moves)
    pressed = None
    with st.container(horizontal=True, key="train-buttons"):
        if st.button(
            "Train", type="primary", key="train.go", disabled=early or bool(page.wrong),
            help="Train the networks that the form describes.",
        ):  # fmt: skip
            pressed = "train"
        if st.button(
            "Step", key="train.step", disabled=early or bool(why_not), help=why_not or "One training step, then rest.",
        ):  # fmt: skip
            pressed = "step"
        if moves and st.button("Pause all", key="train.rest", disabled=early):
            pressed = "pause"
        if rests and not moves and st.button(
            "Go on", key="train.go_on", disabled=early, help=f"Train on from the step shown; {_REPEATS}.",
        ):  # fmt: skip
            pressed = "go on"
        if st.button(
            "Reset", key="train.reset", disabled=early,
            help="Back to the initial weights, before the first training step. What was learned is kept.",
        ):  # fmt: skip
            pressed = "reset"
        if st.button(
            "New seed",
            key="train.seed_up",
            disabled=early,
            help="Other weights and other data.",
            on_click=_next_seed,
            args=(page,),
        ):
            pressed = "train"
    return pressed


def _why_no_step(page: Page, views: Sequence[RunView], moves: bool) -> str:
    """Return why no single step can be taken now; an empty sentence where one can."""
    if moves:
        return "Single steps wait for **Pause all**: the networks are training."
    if views and runs.ended(page, views):
        return "Every step is trained. **Reset** goes back to the initial weights, from where you can step."
    return ""


def _next_seed(page: Page) -> None:
    page["seed"] = (page["seed"] + 1) % 2**31
