"""A picture and its caption in the browser: each word lays its attention over the picture, by pointer, key or click.

With several heads, each one's attention is shown beside, and one can be chosen instead of their mean.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqviz.figures.caption import whose_attention
from seqviz.records import Captioning
from seqviz.ui.components.component import component, news, nothing

_mount = component(__name__)


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One thing that can be erased from the picture: its number, what it is called, and the square around it in pixels."""

    number: int
    title: str
    x: int
    y: int
    radius: int


@dataclass(frozen=True)
class Forced:
    """A word that a person chose at one place of the caption."""

    place: int
    word: str


@dataclass(frozen=True)
class Erased:
    """A thing that a person clicked away."""

    number: int


@dataclass(frozen=True)
class Chosen:
    """The head chosen, counted from 1; 0 is the mean of all."""

    head: int


Change = Forced | Erased | Chosen


def show_picture(
    record: Captioning, things: Sequence[Thing], *, key: str, title: str, begin: int, note: str = ""
) -> Change | None:
    """Place ``record``; stepping and hovering happen in the browser alone.

    Args:
        record: one picture's caption.
        things: what a click on the picture erases.
        key: of the component, unique on its page.
        title: the finding.
        begin: the word shown first.
        note: what the colours and lines mean, in a sentence.

    Returns:
        What a person changed just now.
    """
    result = _mount(key=key, data=_data(record, things, title, begin, note), on_choice_change=nothing)
    return change_of(news(key, result.choice), record, things)


def _data(record: Captioning, things: Sequence[Thing], title: str, begin: int, note: str) -> dict[str, Any]:
    pixels = np.round(255 * record.picture).astype(np.uint8)
    return {
        "title": title,
        "key": note,
        "described": f"A picture of {' '.join(record.true[0])}.",
        "picture": base64.b64encode(pixels.tobytes()).decode(),
        "written": list(record.written),
        "forced": record.given.tolist(),
        "probability": np.exp(record.log_probabilities).tolist(),
        "weights": record.weights.tolist(),
        "scores": None if record.scores is None else record.scores.tolist(),
        "heads": None if record.heads is None else record.heads.round(5).tolist(),
        "head": record.head or 0,
        "whose": whose_attention(record),
        "regions": record.regions.tolist(),
        "inside": record.inside.tolist(),
        "alternatives": [[list(pair) for pair in offered] for offered in record.alternatives],
        "things": [{name: getattr(thing, name) for name in ("number", "title", "x", "y", "radius")} for thing in things],
        "begin": begin,
    }


def change_of(reported: Any, record: Captioning, things: Sequence[Thing]) -> Change | None:
    """Return what the browser reported as a change, or None where it is none (a browser can send anything)."""
    if not isinstance(reported, Mapping):
        return None
    if reported.get("kind") == "erase":
        number = reported.get("thing")
        known = isinstance(number, int) and number in {thing.number for thing in things}
        return Erased(int(str(number))) if known else None
    if reported.get("kind") == "head":
        head, there = reported.get("head"), 0 if record.heads is None else record.heads.shape[1]
        return Chosen(head) if isinstance(head, int) and 0 <= head <= there else None
    place, word = reported.get("place"), reported.get("word")
    if reported.get("kind") != "word" or not isinstance(place, int) or not 0 <= place < len(record.written):
        return None
    offered = {each for each, _ in record.alternatives[place]}
    return Forced(place, word) if isinstance(word, str) and word in offered else None
