"""The buttons above the board: train, step, pause, go on, reset, new seed."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from seqviz.lab import RunView
from seqviz.ui.lessons.train.train import runs
from seqviz.ui.runs.acting import RESTING
from seqviz.ui.runs.moment import go_on, is_past, moves, rest
from seqviz.ui.shell.page import Page, again, attempt, plain

Offer = tuple[str, str, str | None, bool]  # its label, its key, what it does or why it cannot, and whether it is greyed

_REPEATS = "what was trained from there before is shown again, since the same seed gives the same numbers"


def press_buttons(page: Page, who: str | None, bar: Any) -> list[RunView]:
    """Draw the buttons, do what was pressed, and return the runs to show; say why some cannot be shown.

    Args:
        page: its settings.
        who: the person; until it is known, the buttons are disabled.
        bar: the container for the buttons.
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
        "pause": lambda: rest(views, who),
        "go on": lambda: go_on(page, views, who),
    }
    if attempt(actions[pressed]):
        again(page)  # the buttons follow what was done


def _buttons(page: Page, views: Sequence[RunView], early: bool) -> str | None:
    with st.container(horizontal=True, key="train-buttons"):
        pressed = [
            act
            for act, (label, key, note, off) in _offered(page, views).items()
            if st.button(
                label, key=f"train.{key}", help=note, disabled=early or off, type="primary" if act == "train" else "secondary"
            )
        ]
        if st.button(
            "New seed", key="train.seed_up", disabled=early, help="Other weights and other data.",
            on_click=_next_seed, args=(page,),
        ):  # fmt: skip
            pressed = ["train"]
    return pressed[0] if pressed else None


def _offered(page: Page, views: Sequence[RunView]) -> dict[str, Offer]:
    moving = moves(page, views)
    rests = any(view.state in RESTING for view in views) or is_past(page, views)
    why_not = _why_no_step(page, views, moving)
    offered: dict[str, Offer] = {
        "train": ("Train", "go", "Train the networks that the form describes.", bool(page.wrong)),
        "step": ("Step", "step", why_not or "One training step, then rest.", bool(why_not)),
    }
    if moving:
        offered["pause"] = ("Pause all", "rest", None, False)
    elif rests:
        offered["go on"] = ("Go on", "go_on", f"Train on from the step shown; {_REPEATS}.", False)
    offered["reset"] = (
        "Reset",
        "reset",
        "Back to the weights before the first training step. What was learned is kept.",
        False,
    )
    return offered


def _why_no_step(page: Page, views: Sequence[RunView], moving: bool) -> str:
    """Return why no single step can be taken now; an empty sentence where one can."""
    if moving:
        return "Single steps wait for **Pause all**: the networks are training."
    if views and runs.ended(page, views):
        return "Every step is trained. **Reset** goes back to the initial weights, from where you can step."
    return ""


def _next_seed(page: Page) -> None:
    page["seed"] = (page["seed"] + 1) % 2**31
