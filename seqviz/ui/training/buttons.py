"""The buttons above the board: train, step, pause, go on, reset, new seed."""

from collections.abc import Sequence

import streamlit as st

from seqviz.lab import RunView
from seqviz.ui.page import Page, plain
from seqviz.ui.training import runs


def press_buttons(page: Page, who: str | None) -> list[RunView]:
    """Draw the buttons, do what was pressed, and return the runs to show; say why some cannot be shown.

    Args:
        page: its settings.
        who: the person; until the browser has told, nothing can be pressed.
    """
    views, problems = runs.shown_runs(page, who)
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
    live, resting = any(view.live for view in views), any(view.state in runs.RESTING for view in views)
    pressed = None
    with st.container(horizontal=True, key="train-buttons"):
        if st.button(
            "Train", type="primary", key="train.go", disabled=early or bool(page.wrong),
            help="Train the networks that the form describes.",
        ):  # fmt: skip
            pressed = "train"
        if st.button("Step", key="train.step", disabled=early or live, help="One training step, then rest."):
            pressed = "step"
        if live and st.button("Pause all", key="train.rest", disabled=early):
            pressed = "pause"
        if resting and not live and st.button("Go on", key="train.go_on", disabled=early):
            pressed = "go on"
        if st.button("Reset", key="train.reset", disabled=early, help="Back to step 0: the weights that this seed draws."):
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


def _next_seed(page: Page) -> None:
    page["seed"] = (page["seed"] + 1) % 2**31
