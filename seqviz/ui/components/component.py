"""The browser's half of our components: HTML, CSS and JavaScript files beside this module, all constants."""

import math
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Any

import numpy as np
import streamlit as st

from seqviz.language.words import number


def component(package: str, replaced: Mapping[str, str] | None = None, *, shared: Sequence[str] = ()) -> Callable[..., Any]:
    """Register the component whose files lie in ``package``, and return the function that mounts it.

    Args:
        package: the component's own (``__name__``); its files are called after its last part.
        replaced: constants written into the script, by the text that stands for them.
        shared: stems of the pieces it is made with, its own or several components'; their script, and their style where they
            have one, come before its own.
    """
    name = package.rpartition(".")[2]
    html = _read(package, f"{name}.html")
    css, js = ("\n".join(_read(package, f"{stem}.{ending}") for stem in (*shared, name)) for ending in ("css", "js"))
    for text, constant in (replaced or {}).items():
        js = js.replace(text, constant, 1)
    mount: Callable[..., Any] = st.components.v2.component(f"seqviz_{name}", html=html, css=css, js=js, isolate_styles=False)
    return mount


def news(key: str, reported: Any) -> Any:
    """Return what the browser reports of the component under ``key`` if this session has not seen it yet, else None."""
    if reported == st.session_state.get(f"{key}.seen"):
        return None
    st.session_state[f"{key}.seen"] = reported
    return reported


def plain_numbers(values: Any, digits: int | None = None) -> Any:
    """Return an array's numbers as JSON has them; what is not finite as a word, since JSON has no such number.

    Args:
        values: an array, or one number.
        digits: how many significant ones are sent; all by default.

    >>> plain_numbers(np.array([[0.125, np.inf], [-np.inf, np.nan]]))
    [[0.125, '∞'], ['-∞', 'not a number']]
    """
    if isinstance(values, np.ndarray):
        values = values.tolist()
    if isinstance(values, list):
        return [plain_numbers(each, digits) for each in values]
    if not math.isfinite(values):
        return number(values)
    return values if digits is None else float(f"{values:.{digits}g}")


def nothing() -> None:
    """A state of a component needs a callback, also where the page only reads it."""


def _read(package: str, file: str) -> str:
    own, shared = resources.files(package).joinpath(file), resources.files(__package__).joinpath("shared", file)
    held = own if own.is_file() else shared
    return held.read_text(encoding="utf-8") if held.is_file() or not file.endswith(".css") else ""
