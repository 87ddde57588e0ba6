"""A text whose characters carry a colour by value; a click or the arrow keys choose a position."""

import base64
from collections.abc import Sequence

import numpy as np

from seqviz.figures.look import DARK
from seqviz.ui.parts import component

_mount = component("coloured_text")


Ramp = tuple[float, float, Sequence[str]]  # the value of the first colour, that of the last, and the colours


def show_text(
    text: str, values: np.ndarray, *, key: str, title: str, label: str, ramp: Ramp, selected: int | None = None
) -> int | None:
    """Place ``text`` with each character on a background by its value; exact values on hover.

    The text is written as text, never as HTML. Values that are not finite are underlined with a wave, never coloured.

    Args:
        text: what was read.
        values: one for each code point of ``text``.
        key: of the component, unique on its page.
        title: the finding.
        label: what a value is called.
        ramp: how a value becomes a colour, as :func:`seqviz.figures.gates.span_of` gives it; beyond it lie its end colours.
        selected: the position chosen at first.

    Returns:
        The position chosen now, if any.
    """
    if len(values) != len(text):
        raise ValueError(f"{len(values)} values for {len(text)} characters")
    low, high, colours = ramp
    packed = base64.b64encode(np.asarray(values, dtype="<f4").tobytes()).decode()
    result = _mount(
        key=key, default={"selected": selected}, on_selected_change=_nothing,
        data={
            "text": text, "values": packed, "title": title, "label": label, "low": float(low), "high": float(high),
            "light": list(colours), "dark": [DARK.get(each, each) for each in colours], "selected": selected,
        },
    )  # fmt: skip
    return position_of(result.selected, len(text))


def position_of(reported: object, length: int) -> int | None:
    """Return what the browser reported as a position in a text of ``length``, or None where it is none."""
    if isinstance(reported, bool) or not isinstance(reported, int) or not 0 <= reported < length:
        return None
    return reported


def _nothing() -> None:
    """A state of a component needs a callback, also where the page only reads it."""
