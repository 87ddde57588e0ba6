"""The view of backpropagation by hand: typed factors, and a network of one unit stepped forward and backward."""

import re
from collections.abc import Mapping

import streamlit as st

from seqviz.errors import ConfigError
from seqviz.experiment.fields import Rule
from seqviz.experiment.model import ACTIVATIONS
from seqviz.figures import scalar_chain_figure
from seqviz.language.words import number
from seqviz.measures.chains import scalar_chain, scalar_unroll
from seqviz.registry import shown
from seqviz.ui.components.figure import show
from seqviz.ui.components.unrolled import show_unrolled
from seqviz.ui.shell.links import Control, choice_control, text_control
from seqviz.ui.shell.page import Page

MOST_FACTORS = 1000
MOST_INPUTS = 12

_NUMBER = r"[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:[eE][+-]?\d{1,3})?"
_LIST = rf"[ ]*{_NUMBER}(?:\^\d{{1,4}})?(?:[ ,;·×]+{_NUMBER}(?:\^\d{{1,4}})?)*[ ]*"


def _weight(title: str, default: float) -> Control:
    return Control(rule=Rule(kind="real", title=title, low=-3.0, high=3.0), default=default, step=0.05)


CONTROLS: Mapping[str, Control] = {
    "factors": text_control("factors", _LIST, "0.1, 0.01, 0.01", note="commas between; 0.9^50 stands for fifty of them"),
    "w": _weight("recurrent weight w", 0.5),
    "u": _weight("input weight u", 1.0),
    "phi": choice_control("activation φ", ACTIVATIONS, "tanh"),
    "inputs": text_control("inputs x₁ x₂ …", _LIST, "1, 0, 0, 0"),
    "target": Control(rule=Rule(kind="real", title="target", low=-10.0, high=10.0), default=1.0, step=0.1),
}  # fmt: skip


def chain(page: Page) -> None:
    """Typed factors on a log axis; the unrolled graph of one unit."""
    factors = numbers(page.control("factors"), "factors", MOST_FACTORS)
    show(scalar_chain_figure(scalar_chain(factors)), key="vanishing.chain", name="chain-of-factors")
    left, middle, right = st.columns(3)
    with left:
        page.control("w")
        page.control("inputs")
    with middle:
        page.control("u")
        page.control("phi")
    with right:
        page.control("target")
    inputs = numbers(page["inputs"], "inputs", MOST_INPUTS)
    record = scalar_unroll(inputs, page["w"], page["u"], 0.0, activation=page["phi"], target=page["target"])
    finding = (
        f"Over {len(inputs)} step{'s' * (len(inputs) != 1)}, ∂L/∂h₀ = {number(float(record.to_hidden[0]))}, "
        f"from ∂L/∂h at the end = {number(float(record.to_hidden[-1]))}."
    )
    show_unrolled(record, key="vanishing.unrolled", title=finding, recurrent=page["w"], input_weight=page["u"])


def numbers(written: str, name: str, most: int) -> list[float]:
    """Return the numbers of a list such as ``0.5, 2^3``, where 2^3 means three twos.

    Raises:
        ConfigError: there are more than ``most`` of them.
    """
    found: list[float] = []
    for value, count in re.findall(rf"({_NUMBER})(?:\^(\d{{1,4}}))?", written):
        found += [float(value)] * (int(count) if count else 1)
        if len(found) > most:
            raise ConfigError(f"{name} may be at most {most} numbers, got {shown(written)}")
    return found
