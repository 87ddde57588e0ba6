"""The form: what to train, made from the settings' own rules; what is rarely changed is folded away."""

from collections.abc import Sequence

import streamlit as st

from seqviz.experiment import TASKS
from seqviz.ui.page import Page
from seqviz.ui.training.settings import both_ways
from seqviz.ui.training.texts import choose_text

MORE_TRAINED = ("optimizer", "momentum", "batch_size")
NETWORK = ("layers", "activation", "initialisation", "scale", "forget_bias", "chrono")


def draw_form(page: Page) -> None:
    """Draw the form; the settings are read from ``page`` afterwards."""
    task = page.control("task")
    st.caption(about(task))
    names = [f"{task}.{name}" for name in TASKS[task].config.rules() if name not in ("name", "text")]
    _side_by_side(page, names[:2])
    for name in names[2:]:
        page.control(name)
    if "text" in TASKS[task].config.rules():
        choose_text(page)
    page.control("cells")
    _side_by_side(page, ["hidden_size", "steps"])
    _side_by_side(page, ["learning_rate", "seed"])
    page.control("clip")
    if applies(page, "threshold"):
        page.control("threshold")
    with st.expander("More about the networks"):
        for name in NETWORK:
            if applies(page, name):
                page.control(name)
        _both_ways(page, task)
    with st.expander("More about training"):
        for name in MORE_TRAINED:
            if applies(page, name):
                page.control(name)


def about(task: str) -> str:
    """Return what the task asks for, in words."""
    return " ".join((TASKS[task].config.__doc__ or "").replace("``", "").split())


def applies(page: Page, name: str) -> bool:
    """Return whether a setting means anything, given the others, for one of the chosen networks at least."""
    cells: tuple[str, ...] = page["cells"]
    matters: dict[str, bool] = {
        "threshold": page["clip"] != "off",
        "momentum": page["optimizer"] == "momentum",
        "activation": "rnn" in cells,
        "forget_bias": "lstm" in cells,
        "chrono": bool({"lstm", "gru"} & set(cells)),
        "scale": page["initialisation"] != "default",
    }
    return matters.get(name, True)


def _both_ways(page: Page, task: str) -> None:
    reason = TASKS[task].bidirectional
    if reason is None:
        page.control("bidirectional")
    else:
        st.toggle("Bidirectional", value=both_ways(page), disabled=True, key="train.one_way")
        st.caption(f"Not here: {reason}.")


def _side_by_side(page: Page, names: Sequence[str]) -> None:
    for place, name in zip(st.columns(2, gap="small", vertical_alignment="bottom"), names, strict=False):
        with place:
            page.control(name)
