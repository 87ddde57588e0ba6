"""A translation, stepped in the browser: scores, shares, context and words, with the alignment as lines and as a map."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from seqviz.records import Translation
from seqviz.ui.components.component import component, news, nothing

SHOWN_UNITS = 8  # of the context and what it is joined to

_mount = component(__name__, styles=("stepper",))


def show_alignment(
    record: Translation, *, key: str, title: str, gold: Iterable[tuple[int, int]] | None = None
) -> tuple[int, int] | None:
    """Place ``record``; stepping, playing and hovering happen in the browser alone.

    Args:
        record: one sentence's translation.
        key: of the component, unique on its page.
        title: the finding.
        gold: the right links (source position, target position), marked on the map.

    Returns:
        A cell of the map that was clicked just now: (position of the word written, position of the word looked at).
    """
    result = _mount(key=key, data=_data(record, title, gold), on_place_change=nothing)
    return place_of(news(key, result.place), record)


def _data(record: Translation, title: str, gold: Iterable[tuple[int, int]] | None) -> dict[str, Any]:
    contexts = record.contexts
    return {
        "title": title,
        "source": list(record.source),
        "known": record.known.tolist(),
        "written": list(record.written),
        "forced": record.given.tolist(),
        "probability": np.exp(record.log_probabilities).tolist(),
        "scores": None if record.scores is None else record.scores.tolist(),
        "weights": None if record.weights is None else record.weights.tolist(),
        "contexts": None if contexts is None else contexts[:, :SHOWN_UNITS].tolist(),
        "contextUnits": 0 if contexts is None else int(contexts.shape[1]),
        "combined": record.combined[:, :SHOWN_UNITS].tolist(),
        "units": int(record.combined.shape[1]),
        "handed": record.handed,
        "bidirectional": record.bidirectional,
        "looksBefore": record.looks_before,
        "heads": record.heads,
        "moved": record.moved.tolist(),
        "alternatives": [[list(pair) for pair in offered] for offered in record.alternatives],
        "gold": None if gold is None else [list(link) for link in sorted(gold)],
        "movable": record.weights is not None,
    }


def place_of(reported: Any, record: Translation) -> tuple[int, int] | None:
    """Return what the browser reported as a cell, or None where it is none (a browser can send anything)."""
    if not isinstance(reported, Mapping):
        return None
    written, place = reported.get("target"), reported.get("source")
    if not isinstance(written, int) or not isinstance(place, int):
        return None
    inside = 0 <= written < len(record.written) and 0 <= place < len(record.source)
    return (written, place) if inside else None
