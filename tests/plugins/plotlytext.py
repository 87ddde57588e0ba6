"""The texts of a figure in which plotly reads markup: for tests that people's words are shown as typed."""

from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go

HOSTILE = "<b>R&D</b>"
SHOWN = "&lt;b&gt;R&amp;D&lt;/b&gt;"

# The title is drawn as text, ``meta`` is for files, and the browser makes the names of traces plain.
_AS_THEY_ARE = ("title", "meta", "name", "template")


def read_by_plotly(drawn: go.Figure) -> list[str]:
    """Return every text on axes, beside marks and under the pointer."""
    written = drawn.to_plotly_json()
    return [text for part in (*written["data"], written["layout"]) for text in _texts(part)]


def stands_as_it_is(drawn: go.Figure) -> bool:
    """Return whether :data:`HOSTILE` is somewhere in the figure, and nowhere as markup."""
    texts = read_by_plotly(drawn)
    return any(SHOWN in text for text in texts) and not any("<b>" in text for text in texts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            if name not in _AS_THEY_ARE:
                yield from _texts(each)
    elif hasattr(value, "__iter__"):
        for each in value:
            yield from _texts(each)
