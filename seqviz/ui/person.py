"""Who sits at the browser: a random id kept in the browser itself, so that a person finds their runs again.

It is no account and no secret: it tells runs apart in a list, nothing else.
"""

import re

import streamlit as st

from seqviz.ui.parts import component

_mount = component("person")
_STATE = "person.id"


def person() -> str | None:
    """Return this browser's id (32 hexadecimal digits); None until the browser has told it, a moment after it came.

    The page runs again when it does.
    """
    known = st.session_state.get(_STATE)
    result = _mount(key="person.component", data={"known": known}, height=1, on_id_change=_nothing)
    told = result.id
    if isinstance(told, str) and re.fullmatch("[0-9a-f]{32}", told):
        known = st.session_state[_STATE] = told
    return known


def known_person() -> str | None:
    """Return this browser's id if it has been told already, without asking: the page must call :func:`person` at its end."""
    return st.session_state.get(_STATE)


def _nothing() -> None:
    """A state of a component needs a callback, also where the page only reads it."""
