"""The cache boundary: everything that pages keep between runs is kept here, under small hashable keys."""

from typing import Any

import streamlit as st


@st.cache_resource(show_spinner=False)
def lab() -> Any:
    """Return this process's Lab, shared by all sessions; the first call starts its workers."""
    from seqviz.lab import Lab

    return Lab()


@st.cache_data(max_entries=512, show_spinner=False)
def traced(verb: str, subject: Any) -> Any:
    """Return the record that a trace of ``subject`` gives.

    Args:
        verb: one of the Lab's traces ("flow", "map", …).
        subject: a frozen config that says what to look at.

    Raises:
        SeqvizError: the subject cannot be traced.
    """
    return lab().trace(verb, subject)
