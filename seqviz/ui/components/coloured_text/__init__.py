"""A text whose characters carry a colour by value; a click or the arrow keys choose a position."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seqviz.figures.look import DARK
from seqviz.ui.components.component import component, nothing

_mount = component(__name__)


Ramp = tuple[float, float, Sequence[str]]  # the value of the first colour, that of the last, and the colours


@dataclass(frozen=True, kw_only=True)
class Shading:
    """What the background of each character of a text shows.

    ``ramp`` is how a value becomes a colour, as :func:`seqviz.figures.gates.span_of` gives it; beyond it lie its end colours.
    """

    values: np.ndarray  # one for each code point
    label: str  # what a value is called
    ramp: Ramp


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something else that is true of some characters of a text, and what is said of them."""

    at: np.ndarray  # one truth for each code point
    said: str


def show_text(
    text: str,
    shading: Shading,
    *,
    key: str,
    title: str,
    selected: int | None = None,
    marks: Mapping[str, Mark] | None = None,
) -> int | None:
    """Place ``text`` with each character on a background by its value; exact values on hover.

    The text is written as text, never as HTML. Values that are not finite are underlined with a wave, never coloured.

    Args:
        text: what was read.
        shading: its values and their colours.
        key: of the component, unique on its page.
        title: the finding.
        selected: the position chosen at first.
        marks: by kind: ``underlined`` characters, and ``unknown`` ones, which get a dashed frame.

    Returns:
        The position chosen now, if any.
    """
    marks = marks or {}
    for given in (shading.values, *(mark.at for mark in marks.values())):
        if len(given) != len(text):
            raise ValueError(f"{len(given)} values for {len(text)} characters")
    low, high, colours = shading.ramp
    packed = base64.b64encode(np.asarray(shading.values, dtype="<f4").tobytes()).decode()
    result = _mount(
        key=key, default={"selected": selected}, on_selected_change=nothing,
        data={
            "text": text, "values": packed, "title": title, "label": shading.label, "low": float(low), "high": float(high),
            "light": list(colours), "dark": [DARK.get(each, each) for each in colours], "selected": selected,
            "marks": {kind: {"at": np.flatnonzero(mark.at).tolist(), "said": mark.said} for kind, mark in marks.items()},
        },
    )  # fmt: skip
    return position_of(result.selected, len(text))


def position_of(reported: object, length: int) -> int | None:
    """Return what the browser reported as a position in a text of ``length``, or None where it is none."""
    if isinstance(reported, bool) or not isinstance(reported, int) or not 0 <= reported < length:
        return None
    return reported
