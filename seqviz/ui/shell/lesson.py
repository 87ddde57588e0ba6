"""A lesson's page: its beginning, the views that its file places, and its ending."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

import streamlit as st

from seqviz.ui.shell.app import PAGES
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.links import Controls
from seqviz.ui.shell.page import Page, begin_page
from seqviz.ui.shell.person import person


@contextmanager
def lesson(
    name: str,
    controls: Controls,
    *,
    lead: str = "",
    why: str | None = "Why does this happen?",
    told: str = "",
    sources: Callable[[str], object] = st.caption,
    runs: bool = False,
) -> Iterator[Page]:
    """Begin a lesson with its title and what it asks; after its views, end it with the reasons and the sources.

    Args:
        name: of the lesson: of its file, its folder, its prose and its address.
        controls: its settings by name in the link.
        lead: what it asks, where the section "lead" of its prose does not say it as it is.
        why: the title of the box of reasons; None where the views end the lesson themselves.
        told: the content of that box, where it is not the section "why" unchanged.
        sources: draws the sources.
        runs: whether it uses a person's runs. The browser is asked for its person last: once it answers, the page
            runs again, and by then its widgets exist.
    """
    with begin_page(name, title_of(name), lead or prose(name, "lead"), controls) as page:
        yield page
        if why is not None:
            ending(why, told or prose(name, "why"), prose(name, "sources"), sources)
    if runs:
        person()


def ending(why: str, told: str, sources: str, draw: Callable[[str], object] = st.caption) -> None:
    """Draw the box of reasons, and the sources."""
    with st.expander(why):
        st.markdown(told)
    draw(sources)


def title_of(name: str) -> str:
    """Return the title of the page called ``name``."""
    return next(str(page["title"]) for pages in PAGES.values() for page in pages if PurePath(page["page"]).stem == name)
