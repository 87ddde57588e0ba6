"""Two gradient descents on an error surface, from above and as a landscape, stepped and played in the browser alone."""

import base64
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from seqviz.figures.cliff import HEIGHTS, PATH_ROLES, PATHS
from seqviz.figures.look import DARK, hue
from seqviz.records import ErrorSurface, GradientDescent
from seqviz.ui.components.component import component, news, nothing, plain_numbers

_mount = component(__name__, styles=("stepper",))


def send_surface(surface: ErrorSurface, names: tuple[str, str], *, key: str) -> None:
    """Give the browser ``surface``, on which :func:`show_descent` draws; it is sent once, and not again with each path.

    Args:
        surface: of one unit.
        names: of the axes.
        key: of the component, unique on its page.
    """
    _mount(key=key, data={"surface": _surface(surface, names)}, on_place_change=nothing)


def show_descent(record: GradientDescent, *, key: str, title: str) -> None:
    """Place both descents; their surface is the one last sent for their unit."""
    _mount(key=key, data=_descent(record, title), on_place_change=nothing)


def clicked_place(key: str) -> tuple[float, float] | None:
    """Return the w and b that were clicked just now on the map under ``key``, before it is drawn again."""
    return place_of(news(key, getattr(st.session_state.get(key), "place", None)))


def place_of(reported: Any) -> tuple[float, float] | None:
    """Return what the browser reported as a place, or None where it is none (a browser can send anything)."""
    if not isinstance(reported, Mapping):
        return None
    w, b = reported.get("w"), reported.get("b")
    if not all(isinstance(each, int | float) and not isinstance(each, bool) and math.isfinite(each) for each in (w, b)):
        return None
    return float(w), float(b)  # type: ignore[arg-type]


def _surface(surface: ErrorSurface, names: tuple[str, str]) -> dict[str, Any]:
    (left, right), (low, high) = surface.window
    return {
        "unit": surface.unit, "w": [left, right], "b": [low, high], "points": len(surface.w), "names": list(names),
        "errors": _packed(surface.errors), "norms": _packed(surface.gradient_norms),
    }  # fmt: skip


def _descent(record: GradientDescent, title: str) -> dict[str, Any]:
    paths = [
        {
            "name": PATHS[path], "places": plain_numbers(record.places[path]), "errors": plain_numbers(record.errors[path]),
            "norms": plain_numbers(record.norms[path]), "lengths": plain_numbers(record.lengths[path]),
            "clipped": record.clipped[path].tolist(),
        }
        for path in (0, 1)
    ]  # fmt: skip
    light = {"scale": list(HEIGHTS), "paths": list(map(hue, PATH_ROLES))}
    dark = {name: [DARK.get(each, each) for each in colours] for name, colours in light.items()}
    return {"title": title, "unit": record.unit, "threshold": record.threshold, "paths": paths, "light": light, "dark": dark}


def _packed(values: np.ndarray) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode()
