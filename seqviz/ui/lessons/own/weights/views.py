"""The views of the page "Your weights"."""

import streamlit as st

from seqviz.figures import gate_trace_figure, gradient_flow_figure, gradient_map_figure, token_losses_figure
from seqviz.questions import OWN_WEIGHTS
from seqviz.records import WeightsTrace
from seqviz.subjects.weights import ReadByWeights
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.own.weights.settings import NAME
from seqviz.ui.shell.cache import lab, traced
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, plain


def settings(page: Page) -> None:
    """The controls: what is read, and how the weights are."""
    page.control("text")
    page.control("order")
    page.control("activation")


def drawn(page: Page) -> None:
    """Draw what the network does with the text."""
    page.control("view")
    if not page["text"].strip():
        words = lab().store.own.words(page["weights"])
        st.info(prose(NAME, "words" if words else "numbers"))
        return
    subject: ReadByWeights = page.config(ReadByWeights)
    trace = traced(OWN_WEIGHTS, subject)
    _place(page, trace)
    _VIEWS[page["view"]](page, trace)
    st.caption(plain(f"{trace.kind}: {'; '.join(f'{part} from {name}' for part, name in trace.names.items())}."))


def _place(page: Page, trace: WeightsTrace) -> None:
    layers, directions = trace.flow.hidden_norms.shape[:2]
    asked = [("layer", layers), ("direction", directions)] if page["view"] != "losses" else []
    several = [(name, count) for name, count in asked if count > 1]
    for column, (name, count) in zip(st.columns(2) if several else [], several, strict=False):
        with column:
            page.control(name, high=count - 1)


def _flow(page: Page, trace: WeightsTrace) -> None:
    figure = gradient_flow_figure(trace.flow, layer=_layer(page, trace), direction=_direction(page, trace), direct=False)
    show(figure, key=f"{NAME}.flow", name="gradient-flow")
    st.caption(f"The gradient is of {trace.asked}.")


def _map(page: Page, trace: WeightsTrace) -> None:
    if trace.map is None:
        st.info(prose(NAME, "no map"))
        return
    figure = gradient_map_figure(trace.map, layer=_layer(page, trace), direction=_direction(page, trace))
    show(figure, key=f"{NAME}.map", name="gradient-map")


def _gates(page: Page, trace: WeightsTrace) -> None:
    held = {name: name for name in ("hidden", *(["cell"] if trace.gates.cell is not None else []), *trace.gates.gates)}
    name = page.control("array", titles=dict(reversed(held.items())))
    figure = gate_trace_figure(trace.gates, name, layer=_layer(page, trace), direction=_direction(page, trace))
    show(figure, key=f"{NAME}.gates", name=f"gates-{name}")


def _losses(page: Page, trace: WeightsTrace) -> None:
    words = lab().store.own.words(page["weights"])
    show(token_losses_figure(trace, symbols=None if words is None else len(words)), key=f"{NAME}.losses", name="token-losses")


def _layer(page: Page, trace: WeightsTrace) -> int:
    return min(int(page["layer"]), int(trace.flow.hidden_norms.shape[0]) - 1)


def _direction(page: Page, trace: WeightsTrace) -> int:
    return min(int(page["direction"]), int(trace.flow.hidden_norms.shape[1]) - 1)


_VIEWS = {"flow": _flow, "map": _map, "gates": _gates, "losses": _losses}
