"""The home page's pictures: each a real figure, small, with the link to where it can be explored."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from seqviz.figures import metrics_figure
from seqviz.lab.view import RunView
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.start.home.exhibits import exhibits
from seqviz.ui.lessons.start.home.settings import NAME
from seqviz.ui.runs.sharing import BETWEEN_RUNS, write_run
from seqviz.ui.runs.shipped import shipped_cards
from seqviz.ui.shell.cache import hardware, lab, traced_many
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.person import person

TRAIN = "pages/train/train.py"
HEIGHT = 230
RECENT = 6


def gallery() -> None:
    """Draw every exhibit, three in a row."""
    hung = exhibits()
    records = iter(traced_many(tuple(one for exhibit in hung.values() for one in exhibit.asked)))
    places = [place for _ in range(0, len(hung) + 1, 3) for place in st.columns(3, gap="small")]
    _training(places[0])
    for place, (name, exhibit) in zip(places[1:], hung.items(), strict=False):
        figure = exhibit.draw([next(records) for _ in exhibit.asked])
        _hang(place, name, exhibit.title, figure, exhibit.page, exhibit.query)


def this_machine() -> None:
    """Say what computes here."""
    found = hardware()
    graphics = ", ".join(found["gpus"]) or "no GPU"
    memory = found["memory"] / 2**30
    st.markdown(
        f":small[Computed here: {found['cores']} cores ({found['processor']}), {memory:.0f} GiB of memory, {graphics}; "
        f"Python {found['python']}, torch {found['torch']} on {found['system']}.]"
    )


def recent_runs() -> None:
    """List the newest runs of the person at this browser."""
    who = person()
    mine = lab().runs(who)[:RECENT] if who else []
    st.subheader("Your runs")
    if not mine:
        st.markdown(prose(NAME, "none"))
        st.page_link(TRAIN, label="Train a network in under a minute")
    for handle, view in mine:
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.text(f"{handle.name}: {view.state}, {view.steps_done} of {view.steps} steps")
        right.page_link(TRAIN, label="open", query_params=_link(view))


def _link(view: RunView) -> dict[str, str]:
    """The Train page's link to a run, and to those it goes on from."""
    link = {"runs": write_run(view.experiment)}
    return link | ({"ancestors": BETWEEN_RUNS.join(map(write_run, view.ancestors))} if view.ancestors else {})


def _training(place: Any) -> None:
    runs = {
        card.name.removeprefix("adding-"): lab().view(card.run).metrics
        for card in shipped_cards().values()
        if card.name.startswith("adding-")
    }
    if runs:
        title = "Who learns to remember?"
        _hang(place, "training", title, metrics_figure(dict(sorted(runs.items(), reverse=True))), TRAIN, {})


def _hang(place: Any, name: str, title: str, figure: go.Figure, page: str, query: Mapping[str, str]) -> None:
    figure.update_layout(height=HEIGHT)
    with place.container(border=True, height="stretch"):
        st.page_link(page, label=f"**{title}**", query_params=query)
        show(figure, key=f"{NAME}.{name}", name=name, tools=False)
