"""The home page's pictures: each a real figure, small, with the link to where it can be explored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from seqviz.cards import Card, read_cards
from seqviz.experiment import CELLS
from seqviz.experiment.subject import RunMoment, UntrainedNetwork
from seqviz.figures import (
    gate_trace_figure,
    gradient_flow_figure,
    gradient_map_figure,
    metrics_figure,
    singular_values_figure,
    weight_contributions_figure,
)
from seqviz.lab.view import RunView
from seqviz.settings import settings
from seqviz.ui.cached import hardware, lab, traced_many
from seqviz.ui.content import prose
from seqviz.ui.figure import show
from seqviz.ui.person import person
from seqviz.ui.training.sharing import BETWEEN_RUNS, write_run

Asked = tuple[tuple[str, Any], ...]

VANISHING = "pages/recurrent/vanishing.py"
TRAIN = "pages/train/train.py"
GATES = "pages/recurrent/gates.py"
HEIGHT = 230
RECENT = 6
LINE = 'def add(left, right):  # sum\n    return [left + right, "("]\n'

_NETWORK = UntrainedNetwork(hidden_size=32)


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One picture on the home page and the door behind it."""

    title: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    asked: Asked  # the traces it draws
    draw: Callable[[list[Any]], go.Figure]


EXHIBITS: Mapping[str, Exhibit] = {
    "flow": Exhibit(
        title="How far back does the gradient reach?", page=VANISHING,
        asked=tuple(("flow", replace(_NETWORK, name=cell)) for cell in CELLS),
        draw=lambda records: gradient_flow_figure(dict(zip(CELLS, records, strict=True)), direct=False),
    ),
    "map": Exhibit(
        title="Every loss, every state", page=VANISHING, query={"view": "map", "cell": "gru"},
        asked=(("map", replace(_NETWORK, name="gru")),), draw=lambda records: gradient_map_figure(records[0]),
    ),
    "values": Exhibit(
        title="Which directions survive?", page=VANISHING, query={"view": "values"},
        asked=(("jacobians", replace(_NETWORK, name="rnn")),), draw=lambda records: singular_values_figure(records[0]),
    ),
    "weights": Exhibit(
        title="What is a weight's gradient made of?", page=VANISHING, query={"view": "weights", "cell": "lstm"},
        asked=(("contributions", replace(_NETWORK, name="lstm")),),
        draw=lambda records: weight_contributions_figure(records[0]),
    ),
}  # fmt: skip


def _reading() -> Exhibit:
    """The gates of the character model that comes with the app, reading a line of code; of an untrained one without it."""
    card = _cards().get("characters-lstm")
    subject = replace(_NETWORK, name="lstm") if card is None else RunMoment(run=card.run, text=LINE, loss="every")
    return Exhibit(
        title="What do the gates do?", page=GATES, asked=(("gates", subject),),
        draw=lambda records: gate_trace_figure(records[0], "forget"),
    )  # fmt: skip


def gallery() -> None:
    """Draw every exhibit, three in a row."""
    exhibits = {**EXHIBITS, "gates": _reading()}
    records = iter(traced_many(tuple(one for exhibit in exhibits.values() for one in exhibit.asked)))
    places = [place for _ in range(0, len(exhibits) + 1, 3) for place in st.columns(3, gap="small")]
    _training(places[0])
    for place, (name, exhibit) in zip(places[1:], exhibits.items(), strict=False):
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
        st.markdown(prose("home", "none"))
        st.page_link(TRAIN, label="Train a network in under a minute")
    for handle, view in mine:
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.text(f"{handle.name}: {view.state}, {view.steps_done} of {view.steps} steps")
        right.page_link(TRAIN, label="open", query_params=_link(view))


def _cards() -> dict[str, Card]:
    return read_cards(Path(settings().store.pretrained))


def _link(view: RunView) -> dict[str, str]:
    """The Train page's link to a run, and to those it goes on from."""
    link = {"runs": write_run(view.experiment)}
    return link | ({"ancestors": BETWEEN_RUNS.join(map(write_run, view.ancestors))} if view.ancestors else {})


def _training(place: Any) -> None:
    runs = {
        card.name.removeprefix("adding-"): lab().view(card.run).metrics
        for card in _cards().values()
        if card.name.startswith("adding-")
    }
    if runs:
        title = "Who learns to remember?"
        _hang(place, "training", title, metrics_figure(dict(sorted(runs.items(), reverse=True))), TRAIN, {})


def _hang(place: Any, name: str, title: str, figure: go.Figure, page: str, query: Mapping[str, str]) -> None:
    figure.update_layout(height=HEIGHT)
    with place.container(border=True, height="stretch"):
        st.page_link(page, label=f"**{title}**", query_params=query)
        show(figure, key=f"home.{name}", name=name, tools=False)
