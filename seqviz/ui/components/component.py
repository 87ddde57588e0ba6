"""The browser's half of our components: HTML and CSS files beside their module, sent as they are, and JavaScript modules."""

import math
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any

import numpy as np
import streamlit as st

from seqviz.language.words import number
from seqviz.ui.components.modules import PACKAGE, address_of

_HERE = resources.files(__package__)


def component(package: str, *, styles: Sequence[str] = ()) -> Callable[..., Any]:
    """Register the component whose files are in ``package``, and return the function that mounts it.

    Its module is called once it has loaded, in the order of what was sent; should it not load, the component says so.

    Args:
        package: the component's own (``__name__``); its files are named for its last part.
        styles: stems of styles that several components share; they come before its own.
    """
    name = package.rpartition(".")[2]
    module = f"{package.removeprefix(f'{PACKAGE}.').replace('.', '/')}/{name}.js"
    own = resources.files(package)
    shared = [_HERE.joinpath("parts", f"{stem}.css") for stem in styles]
    css = "\n".join(file.read_text(encoding="utf-8") for file in (*shared, own.joinpath(f"{name}.css")) if file.is_file())
    html = own.joinpath(f"{name}.html").read_text(encoding="utf-8")
    js = _HERE.joinpath("loader.js").read_text(encoding="utf-8").replace("ADDRESS", address_of(module))
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
