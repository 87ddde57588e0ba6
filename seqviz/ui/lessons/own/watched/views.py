"""The views of the page "Watched"."""

import streamlit as st

from seqviz.figures import (
    gradient_flow_figure,
    watched_attention_figure,
    watched_gates_figure,
    watched_map_figure,
    watched_norms_figure,
    watched_reach_figure,
)
from seqviz.records import WatchedRun
from seqviz.settings import settings
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.own.watched.reading import Place, read
from seqviz.ui.lessons.own.watched.settings import NAME
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.live import live
from seqviz.ui.shell.page import Page, plain


def how() -> None:
    """How a loop is watched, and where its runs must be for this page to show them."""
    st.markdown(prose(NAME, "how").replace("PLACE", settings().store.url))


def drawn(page: Page, run: WatchedRun, place: Place | None, compared: list[WatchedRun]) -> None:
    """Draw a run, anew while it goes on."""

    def changed(now: WatchedRun) -> bool:
        return now.state != run.state or (place is None and bool(now.steps))

    live(
        page, lambda: read(run.id), lambda now: _all(page, now, place, compared), moves=run.state == "running", changed=changed
    )


def _all(page: Page, run: WatchedRun, place: Place | None, compared: list[WatchedRun]) -> None:
    _state(run)
    if place is not None:
        _through_time(page, run, place)
    left, right = st.columns(2, gap="medium")
    with left:
        show(watched_norms_figure(run), key="watched.norms", name="gradient-norms")
    with right:
        if place is not None:
            gates = watched_gates_figure(run, place.name, layer=place.layer, direction=place.direction)
            show(gates, key="watched.gates", name="gates")
    if any(step.entropies for step in run.steps):
        show(watched_attention_figure(run), key="watched.attention", name="attention-entropy")
    if place is not None and compared:
        named = {f"{one.model} {one.id[:4]}": one for one in (run, *compared)}
        figure = watched_reach_figure(named, place.name, layer=place.layer, direction=place.direction)
        show(figure, key="watched.reach", name="gradient-share-left")


def _through_time(page: Page, run: WatchedRun, place: Place) -> None:
    figure = watched_map_figure(run, place.name, layer=place.layer, direction=place.direction)
    show(figure, key="watched.map", name="gradient-by-training-step")
    steps = [step for step in run.steps if place.name in step.layers]
    step = next((one for one in steps if str(one.step) == page["step"]), steps[-1])
    seen = step.layers[place.name]
    st.markdown(f"**Training step {step.step:,}**")
    flow = gradient_flow_figure(seen.flow, layer=place.layer, direction=place.direction, direct=False)
    show(flow, key="watched.flow", name="gradient-flow")
    kept = seen.flow.hidden_norms.shape[2]
    if kept < seen.sequences:
        st.caption(f"Drawn: {kept} of the {seen.sequences} sequences in this step.")


def _state(run: WatchedRun) -> None:
    """Say what a reader must know of the run before its figures."""
    if run.state != "ended":
        begun = "It is running; this page follows it." if run.state == "running" else f"The training {run.state}."
        (st.info if run.state == "running" else st.warning)(plain(begun))
    if run.damaged:
        st.warning(
            plain(f"{len(run.damaged)} of its files cannot be read, so their steps are missing: {', '.join(run.damaged[:3])}")
        )
    for note in dict.fromkeys(note for step in run.steps for note in step.notes):
        st.caption(plain(note))
