"""The one loop of every page: a part of it is drawn anew each second while something goes on."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from seqviz.ui.shell.page import Page, again, shown_errors

TICK_SECONDS = 1.0

Found = TypeVar("Found")


def live(
    page: Page,
    find: Callable[[], Found],
    draw: Callable[[Found], None],
    *,
    moves: bool,
    changed: Callable[[Found], bool],
    seconds: float = TICK_SECONDS,
) -> None:
    """Draw what there is to find, and while it moves draw it anew, without the rest of the page.

    Args:
        page: run again as a whole, with its buttons and without the timer where nothing moves any more, once what was found
            has ``changed``.
        find: gives what is drawn, as it is now.
        draw: draws it.
        moves: whether it is looked for again.
        changed: whether what was found asks for more than being drawn.
        seconds: from one time to the next.
    """

    @st.fragment(run_every=seconds if moves else None)
    def tick() -> None:
        with shown_errors():
            found = find()
            if changed(found):
                again(page)
            draw(found)

    tick()
