"""The views of the page "Depth": one function each, from settings to figures."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from seqviz.figures.layers import layer_gradients_figure, layers_back, mean_norms
from seqviz.questions import LAYERS, LAYERS_AGREEMENT
from seqviz.records import Agreement
from seqviz.subjects.layers import UntrainedFeedforward
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.gradient.depth.settings import MILLIONTH, NAME, NETWORK, REACHES
from seqviz.ui.lessons.gradient.depth.training import activations, trained
from seqviz.ui.shell.cache import traced, traced_many
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import answer, question

NEAR = 3  # layers below the last, where the gradient is large enough for finite differences to resolve
POOR = 1e-4  # an agreement that asks for a word of explanation
DEEPEST = UntrainedFeedforward(  # the network that the question is about, whatever the page is set to
    name="plain", depth=100, hidden_size=16, activation="sigmoid", initialisation="xavier", seed=0
)


def first_settings(page: Page) -> None:
    """Draw the control that the view is about, above its figures also on a phone."""
    page.control("hidden_layers" if page["view"] == "activations" else "kinds")


def settings(page: Page) -> None:
    """Draw the other controls that describe the networks, as far as they mean anything now."""
    if page["view"] == "activations":
        page.control("layer", high=int(page["hidden_layers"]))
        page.control("own")
        return
    for name in NETWORK:
        if any(page.applies(UntrainedFeedforward, name, name=kind) for kind in page["kinds"]):
            page.control(name)


def network(page: Page, kind: str, **fixed: Any) -> UntrainedFeedforward:
    """Return the untrained network that the page's settings describe, of one kind of connections."""
    made: UntrainedFeedforward = page.config(UntrainedFeedforward, name=kind, **fixed)
    return made


def initial(page: Page) -> None:
    """The gradient by layer before training, of the chosen networks together."""
    networks = {kind: network(page, kind) for kind in page["kinds"]}
    records = traced_many(tuple((LAYERS, each) for each in networks.values()))
    found = dict(zip(networks, records, strict=True))
    show(layer_gradients_figure(found), key=f"{NAME}.initial", name="gradient-by-layer")
    _say_checks(networks)


def predict(page: Page) -> None:
    """A question to answer before the figure is shown: where a plain network of sigmoids loses the gradient."""
    asked = prose(NAME, "predict").format(depth=DEEPEST.depth, width=DEEPEST.hidden_size)
    with question(page, asked) as guess:
        if guess is None:
            return
        record = traced(LAYERS, DEEPEST)
        back = layers_back(mean_norms({"plain": record})["plain"], MILLIONTH)
        said = f"Nowhere in {DEEPEST.depth} layers" if back is None else f"{back} layers back"
        low, high = REACHES[guess]
        answer(page, f"**{said}.**", low <= (back or DEEPEST.depth) <= high)
        show(layer_gradients_figure({"plain": record}), key=f"{NAME}.predicted", name="plain-sigmoid-network")


def _say_checks(networks: Mapping[str, UntrainedFeedforward]) -> None:
    """Hold ∂L/∂h against finite differences at two layers, after the figure: just below the last, and at the first."""
    depth = max((each.depth for each in networks.values()), default=1)
    layers = sorted({max(depth - NEAR, 1), 1}, reverse=True)
    asked = [(LAYERS_AGREEMENT, replace(each, layer=layer)) for layer in layers for each in networks.values()]
    found = traced_many(tuple(asked))
    checks = iter(found)
    for layer in layers if networks else ():
        said = [f"{kind} {next(checks).sentence}" for kind in networks]
        place = "the first" if layer == 1 else f"{NEAR} below the last, where no gradient has come far"
        st.markdown(f":small[∂L/∂h at layer {layer} ({place}), checked: {'; '.join(said)}.]")
    if any(_is_poor(check) for check in found):
        st.markdown(f":small[{prose(NAME, 'digits')}]")


def _is_poor(check: Agreement) -> bool:
    return check.relative_error is None or check.relative_error > POOR


VIEWS: Mapping[str, Callable[[Page], None]] = {"initial": initial, "trained": trained, "activations": activations}
