"""The person at the browser: a random id kept in the browser, so that a person finds their runs again.

It is no account and no secret: it only sorts runs into lists. A cookie brings it before the first run of a
page (:mod:`seqviz.ui.shell.server` sets it); without cookies a component reports it, a moment after the page opens.
"""

import re
from typing import Any

import streamlit as st

from seqviz.ui.components.component import component, nothing
from seqviz.ui.shell.server import PERSON_COOKIE

_mount = component(__name__)
_STATE = "person.id"
_COMPONENT = "person.component"


def person() -> str | None:
    """Return this browser's id (32 hexadecimal digits); None until a browser without cookies has reported it.

    The page runs again when it does. A page with many widgets asks at its end, and reads :func:`known_person` before: a
    run that comes while the widgets of the first one are being drawn would leave them empty.
    """
    known = known_person()
    if known is not None:
        return known
    result = _mount(key=_COMPONENT, data={"known": None}, height=1, on_id_change=nothing)
    return _kept(result.id)


def known_person() -> str | None:
    """Return this browser's id if it is known by now."""
    told = st.session_state.get(_COMPONENT)
    return _kept(st.context.cookies.get(PERSON_COOKIE) or (told.get("id") if told else None))


def _kept(told: Any) -> str | None:
    if isinstance(told, str) and re.fullmatch("[0-9a-f]{32}", told):
        st.session_state[_STATE] = told
    known: str | None = st.session_state.get(_STATE)
    return known
