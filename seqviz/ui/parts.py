"""The browser's half of our components: HTML, CSS and JavaScript files beside this module, all constants."""

from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

import streamlit as st


def component(name: str, replaced: Mapping[str, str] | None = None) -> Callable[..., Any]:
    """Register the component made of ``<name>.html``, ``.css`` and ``.js``, and return what mounts it.

    Args:
        name: the files' stem.
        replaced: constants written into the script, by the text that stands for them.
    """
    files = resources.files("seqviz.ui")
    html, css, js = (files.joinpath(f"{name}.{ending}").read_text(encoding="utf-8") for ending in ("html", "css", "js"))
    for text, constant in (replaced or {}).items():
        js = js.replace(text, constant, 1)
    mount: Callable[..., Any] = st.components.v2.component(f"seqviz_{name}", html=html, css=css, js=js, isolate_styles=False)
    return mount
