"""Which watched run is shown, and which of its layers."""

import time
from typing import NamedTuple

import streamlit as st

from seqviz.errors import MissingRunError
from seqviz.records import WatchedRun, WatchedStep
from seqviz.settings import settings
from seqviz.store.watched import WatchedRuns
from seqviz.ui.lessons.own.watched.settings import LATEST
from seqviz.ui.shell.page import Page, one_sentence, plain

MOST_OFFERED = 50  # of the latest runs


class Place(NamedTuple):
    """A recurrent layer of the model: its name, which of a stack, and its direction."""

    name: str
    layer: int
    direction: int


def read(run: str) -> WatchedRun:
    """Return a watched run as it is now; steps that were read before are not read again.

    Raises:
        MissingRunError: there is none of that id.
    """
    known = _known(run)
    found = _runs().open(run, known)
    known.update({step.step: step for step in found.steps})
    return found


def chosen_run(page: Page) -> WatchedRun | None:
    """Draw the menu of runs, and return the one chosen; None where there is none at all."""
    ids = _runs().ids()[:MOST_OFFERED]
    asked = str(page["run"])
    if asked and asked not in ids:
        ids += _older(asked)
    if not ids:
        return None
    titles = {run: _title(_runs().about(run)) for run in reversed(ids)}  # the latest is last, which is shown by default
    return read(page.control("run", titles=titles))


def _older(asked: str) -> list[str]:
    """Return the run that a link names, where it is one of those no longer offered; say so where there is none."""
    try:
        read(asked)
    except MissingRunError as error:
        st.error(plain(one_sentence(error)))
        return []
    return [asked]


def others(page: Page, run: WatchedRun) -> list[WatchedRun]:
    """Draw the menu of runs to compare with, and return those chosen."""
    titles = {one: _title(_runs().about(one)) for one in _runs().ids()[:MOST_OFFERED] if one != run.id}
    if not titles:
        return []
    held = [one for one in str(page["others"]).split(",") if one in titles]
    chosen = page.offer(
        "others",
        held,
        key=f"watched.others.{run.id}",
        titles=titles,
        take=lambda runs: page.__setitem__("others", ",".join(runs[:5])),
    )
    return [read(one) for one in chosen]


def chosen_place(page: Page, run: WatchedRun) -> Place | None:
    """Draw the menu of recurrent layers, and return the one chosen; None where none has been seen."""
    places = {written(place): place for place in _places(run)}
    if not places:
        return None
    several = len(places) > 1
    titles = {name: _told(place, run) for name, place in places.items()}
    return places[page.control("layer", titles=titles)] if several else next(iter(places.values()))


def chosen_step(page: Page, run: WatchedRun, place: Place | None) -> None:
    """Draw the menu of the steps in which a layer was seen."""
    if place is not None:
        titles = {str(step.step): f"{step.step:,}" for step in run.steps if place.name in step.layers}
        page.control("step", titles={**titles, LATEST: "the latest"})


def written(place: Place) -> str:
    """Return a place as a link writes it."""
    return f"{place.name}:{place.layer}:{place.direction}"


def _places(run: WatchedRun) -> list[Place]:
    """Return all places, the one to show first last: the top layer, forwards, of the last module seen."""
    shapes = {name: seen.flow.hidden_norms.shape for step in run.steps for name, seen in step.layers.items()}
    return [
        Place(name, layer, direction)
        for name, shape in shapes.items()
        for layer in range(shape[0])
        for direction in reversed(range(shape[1]))
    ]


def _told(place: Place, run: WatchedRun) -> str:
    step = next(step for step in reversed(run.steps) if place.name in step.layers)
    seen = step.layers[place.name]
    layers, directions = seen.flow.hidden_norms.shape[:2]
    which = f", layer {place.layer}" if layers > 1 else ""
    way = (", forward", ", backward")[place.direction] if directions > 1 else ""
    return f"{place.name} ({seen.kind}{which}{way})"


def _title(about: WatchedRun) -> str:
    begun = time.strftime("%d %b, %H:%M:%S", time.localtime(about.started))
    return f"{about.model}, {begun} ({about.state.partition(':')[0]})"


def _runs() -> WatchedRuns:
    return WatchedRuns(settings().store.url)


@st.cache_resource(max_entries=20, show_spinner=False)
def _known(run: str) -> dict[int, WatchedStep]:
    return {}
