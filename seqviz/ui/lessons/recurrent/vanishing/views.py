"""The views of the page on vanishing and exploding gradients: one function each, from settings to figures."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from seqviz.experiment import CELLS
from seqviz.figures import (
    gradient_flow_figure,
    gradient_map_figure,
    gradient_slice_figure,
    jacobian_norms_figure,
    jacobian_step_figure,
    singular_values_figure,
    step_values_figure,
    truncated_map_figure,
    weight_contributions_figure,
)
from seqviz.language.words import became, fate, ratio
from seqviz.questions import AGREEMENT, CONTRIBUTIONS, CRITERION, GRADIENT_FLOW, GRADIENT_MAP, JACOBIANS
from seqviz.subjects.recurrent import UntrainedNetwork
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.recurrent.vanishing.chains import chain
from seqviz.ui.lessons.recurrent.vanishing.settings import SETTINGS
from seqviz.ui.shell.cache import traced, traced_many
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import answer, question

NEAR = 5  # steps before the loss, where the gradient is large enough for finite differences to resolve


def settings(page: Page) -> None:
    """The controls that describe the networks, as far as they mean anything now."""
    chosen = page.control("cells") if page["view"] == "flow" else (page.control("cell"),)
    for name in SETTINGS:
        applies = any(page.applies(UntrainedNetwork, name, name=cell) for cell in chosen)
        if applies and (name != "loss" or page["view"] in ("flow", "weights")):
            page.control(name)


def network(page: Page, cell: str, **fixed: Any) -> UntrainedNetwork:
    """Return the untrained network that the page's settings describe, of one kind of cell."""
    made: UntrainedNetwork = page.config(UntrainedNetwork, name=cell, **fixed)
    return made


def flow(page: Page) -> None:
    """Gradient norm by time step, of the chosen cells together."""
    networks = {cell: network(page, cell) for cell in page["cells"]}
    flows = dict(zip(networks, traced_many(tuple((GRADIENT_FLOW, each) for each in networks.values())), strict=True))
    show(gradient_flow_figure(flows, direct=page["direct"]), key="vanishing.flow", name="gradient-flow")
    _say_checks(networks)
    page.control("direct")


def predict(page: Page) -> None:
    """A question to answer before the figure is shown: an orthogonal matrix in a plain RNN."""
    with question(page) as guess:
        if guess is None:
            return
        subject = network(page, "rnn", initialisation="orthogonal", scale=1.0, activation="tanh", layers=1)
        record = traced(GRADIENT_FLOW, subject)
        norms = record.hidden_norms[-1, 0].mean(axis=0)
        right = guess == fate(ratio(float(norms[0]), float(norms[-1])))
        answer(page, f"**It {became(norms, -1, 0)}.**", right)
        show(gradient_flow_figure({"rnn": record}, direct=False), key="vanishing.predict", name="orthogonal-rnn")


def bound(page: Page) -> None:
    """The Jacobian product against its bounds, and Pascanu's criterion in words."""
    subject = _top(network(page, page["cell"]))
    show(jacobian_norms_figure(traced(JACOBIANS, subject)), key="vanishing.bound", name="jacobian-bound")
    if subject.name == "rnn":
        criterion = traced(CRITERION, subject)
        st.markdown(f"{criterion.sentence} Its spectral radius is {criterion.spectral_radius:.3g}.")
    _say_checks({subject.name: subject})


def gradient_map(page: Page) -> None:
    """The T×T map, and its slices through the row and column chosen."""
    subject = network(page, page["cell"])
    trace = traced(GRADIENT_MAP, subject)
    point = show(gradient_map_figure(trace), key="vanishing.map", name="gradient-map", clickable=True)
    last = subject.length - 1
    if point is not None:
        page["row"], page["column"] = _within(point.y, last), _within(point.x, last)
    window = page.control("cut", high=max(last, 0))
    if window:
        show(truncated_map_figure(trace, window), key="vanishing.truncated", name="truncated-gradient-map")
    left, right = st.columns(2)
    with left:
        row = page.control("row", high=last)
        show(gradient_slice_figure(trace, loss_time=row), key="vanishing.slice_row", name="gradient-of-one-loss")
    with right:
        column = page.control("column", high=last)
        show(gradient_slice_figure(trace, state_time=column), key="vanishing.slice_column", name="gradient-at-one-state")
    _say_checks({subject.name: subject})


def step(page: Page) -> None:
    """One step's Jacobian: heat map, norm, spectral radius."""
    subject = _top(network(page, page["cell"]))
    trace = traced(JACOBIANS, subject)
    at = page.control("at", high=subject.length - 1)
    show(jacobian_step_figure(trace, at), key="vanishing.step", name="one-step-jacobian")
    show(step_values_figure(trace, at), key="vanishing.step_values", name="one-step-singular-values")
    _say_checks({subject.name: subject})


def values(page: Page) -> None:
    """Singular values of ∂s_T/∂s_t by t."""
    subject = _top(network(page, page["cell"]))
    trace = traced(JACOBIANS, subject)
    show(singular_values_figure(trace), key="vanishing.values", name="singular-values")
    _say_checks({subject.name: subject})


def weights(page: Page) -> None:
    """Each step's contribution to ∂J/∂W."""
    subject = _top(network(page, page["cell"]))
    show(weight_contributions_figure(traced(CONTRIBUTIONS, subject)), key="vanishing.weights", name="weight-contributions")
    _say_checks({subject.name: subject})


def _top(subject: UntrainedNetwork) -> UntrainedNetwork:
    """The same network, with its last layer chosen."""
    return replace(subject, layer=subject.layers - 1)


def _within(value: Any, last: int) -> int:
    return min(max(int(value), 0), last) if isinstance(value, int | float) else 0


def _say_checks(networks: Mapping[str, UntrainedNetwork]) -> None:
    """Hold ∂L/∂h at two states against finite differences, after the figure: near the loss, and at the first step."""
    last = max((each.length for each in networks.values()), default=1) - 1
    for time in sorted({max(last - NEAR, 0), 0}, reverse=True):
        checks = traced_many(tuple((AGREEMENT, replace(_top(each), time=time)) for each in networks.values()))
        said = [f"{CELLS[cell]} {check.sentence}" for cell, check in zip(networks, checks, strict=True)]
        if said:
            st.markdown(f":small[∂L/∂h at t = {time}, checked: {'; '.join(said)}.]")


VIEWS: Mapping[str, Callable[[Page], None]] = {
    "flow": flow, "bound": bound, "map": gradient_map, "step": step, "values": values, "weights": weights, "chain": chain,
}  # fmt: skip
