"""The forget-gate bias: how much of the gradient it lets through before training, and what it does to learning."""

import math
from typing import Any

import streamlit as st

from seqviz.figures.forget_bias import bias_figure, distance_figure, reach_map_figure, rising_finding
from seqviz.language.words import number
from seqviz.questions import FORGET_BIAS, FORGET_BIAS_AGREEMENT
from seqviz.recipes.initialisation import ORDER_LENGTH, ORDER_UNITS
from seqviz.recipes.studies import forget_bias_study
from seqviz.subjects.forget_bias import ForgetBiases, ForgetBiasPlace
from seqviz.ui.components.figure import clicked, show
from seqviz.ui.lessons.gradient.initialisation.racing import draw_study
from seqviz.ui.lessons.gradient.initialisation.settings import CONTROLS, NAME, ORDER, REACH
from seqviz.ui.shell.cache import traced
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import answer, question

HALF, FAR = 0.5, 100  # of the question


def draw_reach(page: Page) -> None:
    """The map of bias and distance, and its slices."""
    point = clicked(f"{NAME}.map")
    if point is not None:
        page["bias"], page["distance"] = _within(point.y, "bias"), int(_within(point.x, "distance"))
    picture, beside = st.columns([2.5, 1], gap="medium")
    with beside:
        for name in ("gates_alone", "length", "hidden_size", "seed"):
            page.control(f"{REACH}{name}")
        bias = page.control("bias")
        distance = page.control("distance", high=page[f"{REACH}length"])
    with picture:
        record = traced(FORGET_BIAS, page.config(ForgetBiases, REACH))  # apart: the slices' sliders leave it as it is
        check = traced(FORGET_BIAS_AGREEMENT, page.config(ForgetBiasPlace, REACH, bias=bias, distance=distance))
        show(reach_map_figure(record, bias=bias, distance=distance), key=f"{NAME}.map", name="forget-bias-map", clickable=True)
        st.markdown(f"{prose(NAME, 'reach')} {rising_finding(record)}")
        st.markdown(f":small[∂answer/∂c₀ at bias {bias:g}, T = {distance}, first seed, checked: {check.sentence}.]")
    left, right = st.columns(2, gap="medium")
    with left:
        show(distance_figure(record, bias), key=f"{NAME}.by_distance", name="gradient-by-distance")
    with right:
        show(bias_figure(record, distance), key=f"{NAME}.by_bias", name="gradient-by-bias")
    predict(page)


def _within(value: Any, name: str) -> float:
    rule = CONTROLS[name].rule
    low, high = float(rule.low or 0), float(rule.high or 0)
    return min(max(float(value), low), high) if isinstance(value, int | float) else low


def predict(page: Page) -> None:
    """A question to answer before the number is shown: which bias keeps half of the gradient over a hundred steps?"""
    with question(page) as guess:
        if guess is None:
            return
        kept = {bias: (1 / (1 + math.exp(-float(bias)))) ** FAR for bias in ("1", "3", "5")}
        right = min(kept, key=lambda bias: abs(kept[bias] - HALF))
        told = ", ".join(f"bias {bias} keeps {number(share)}" for bias, share in kept.items())
        answer(page, f"**Over {FAR} steps, {told}.**", guess == right)


def draw_order(page: Page) -> None:
    """What the forget-gate bias does to learning the order of two symbols."""
    draw_study(forget_bias_study(), ORDER)
    st.markdown(prose(NAME, "order").format(length=ORDER_LENGTH, units=ORDER_UNITS))
