"""The one way to place a figure on a page.

Figures are drawn by ``Plotly.react`` in a component of our own: a new figure under the same key changes the picture in
place (no flicker, zoom kept), follows the theme while the page is open, and can be saved as PNG and CSV.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from seqviz.figures.look import DARK
from seqviz.ui.components.component import component, news, nothing
from seqviz.ui.components.modules import components

_mount = component(__name__)


@dataclass(frozen=True)
class Point:
    """A point of a figure that someone clicked."""

    x: Any
    y: Any
    curve: int
    series: str


def show(
    figure: go.Figure, *, key: str, name: str | None = None, clickable: bool = False, tools: bool = True, narrowest: int = 0
) -> Point | None:
    """Place ``figure``; under the same ``key`` a later one changes the picture in place.

    Args:
        figure: made by :mod:`seqviz.figures`; its title is the finding, shown as a heading and read by screen readers.
        key: of the component, unique on its page.
        name: of the files that the PNG and CSV buttons save; the key by default.
        clickable: whether a click on a point reruns the page.
        tools: whether it has PNG and CSV buttons below.
        narrowest: pixels below which it scrolls sideways rather than shrinks.

    Returns:
        The point that was clicked just now; None in every later run, so that a page turns it into a setting.
    """
    result = _mount(
        key=key,
        data={**_spec(figure, name or key, clickable), "tools": tools, "narrowest": narrowest},
        on_point_change=nothing,
    )
    return point_of(news(key, result.point)) if clickable else None


def show_two_a_row(page: str, figures: Mapping[str, go.Figure]) -> None:
    """Place figures of ``page`` by the names of their files, two side by side; on a phone they keep that order."""
    for start in range(0, len(figures), 2):
        for column, (name, figure) in zip(st.columns(2, gap="medium"), list(figures.items())[start : start + 2], strict=False):
            with column:
                show(figure, key=f"{page}.{name}", name=name)


def fetch_library() -> None:
    """Let the browser load plotly.js and every component now, while the page's first figure is being computed."""
    _mount(key="library", data={"ahead": components()}, on_point_change=nothing)


def clicked(key: str) -> Point | None:
    """Return the point that was clicked just now in the figure under ``key``, before that figure is drawn again."""
    return point_of(news(key, getattr(st.session_state.get(key), "point", None)))


def point_of(reported: Any) -> Point | None:
    """Return what the browser reported as a point, or None where it is none (a browser can send anything)."""
    if not isinstance(reported, Mapping):
        return None
    curve = reported.get("curve")
    if not isinstance(curve, int) or reported.get("x") is None or reported.get("y") is None:
        return None
    return Point(x=reported["x"], y=reported["y"], curve=curve, series=str(reported.get("series", ""))[:200])


def _spec(figure: go.Figure, name: str, clickable: bool) -> dict[str, Any]:
    written = figure.to_plotly_json()
    layout = {part: value for part, value in written["layout"].items() if part not in ("template", "meta")}
    meta = written["layout"].get("meta") or {}
    finding = meta.get("finding") or (layout.get("title") or {}).get("text") or ""
    return {
        "traces": _listed(written["data"]),
        "layout": _listed(layout),
        "finding": finding,
        "empty": bool(meta.get("empty", False)),
        "columns": list(meta.get("columns", ())),
        "name": re.sub(r"[^A-Za-z0-9._-]+", "-", name),
        "clickable": clickable,
        "dark": dict(DARK),
    }


def _listed(value: Any) -> Any:
    """Return ``value`` with the few arrays that plotly does not pack (empty ones, words) as lists."""
    if isinstance(value, Mapping):
        return {name: _listed(each) for name, each in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_listed(each) for each in value]
    return value
