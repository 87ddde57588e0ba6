"""A sentence once for each network, its words shaded by their influence on the next one; pointing at a word shows its curve."""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from seqviz.figures.influence import Cue, influence_finding, predicted_words
from seqviz.figures.look import DARK, STATE_SCALE, colour_of, name_of
from seqviz.records import WordInfluence
from seqviz.ui.components.component import component

SOFT = 0.05  # nats: up to here colours are about linear, beyond logarithmic, so that no network leaves another's words blank
UNKNOWN = "not known to the networks"

_mount = component(__name__)


def show_influenced_words(records: Mapping[str, WordInfluence], *, measure: str, cue: Cue | None, key: str) -> None:
    """Place the sentence; everything that a person typed is written as text, never as HTML.

    Args:
        records: by cell, of the same sentence.
        measure: "gradient" or "replaced".
        cue: the word that decides, where it is known; it is underlined.
        key: of the component, unique on its page.
    """
    _mount(key=key, data=influence_data(records, measure=measure, cue=cue))


def influence_data(records: Mapping[str, WordInfluence], *, measure: str, cue: Cue | None) -> dict[str, Any]:
    """Return what the browser draws."""
    one = next(iter(records.values()))
    last = {cell: record.measured(measure)[-1] for cell, record in records.items()}
    strongest = max(last.values(), key=lambda values: float(np.abs(values).max()))
    return {
        "title": influence_finding(records, measure, cue),
        "words": list(one.words),
        "known": one.known.tolist(),
        "unknown": UNKNOWN,
        "cue": None if cue is None else cue.place,
        "first": int(np.abs(strongest).argmax()) if cue is None else cue.place,
        "soft": SOFT,
        "most": float(np.abs(strongest).max()),
        "light": list(STATE_SCALE),
        "dark": [DARK[each] for each in STATE_SCALE],
        "networks": [_network(cell, record, measure) for cell, record in records.items()],
    }


def _network(cell: str, record: WordInfluence, measure: str) -> dict[str, Any]:
    colour, values = colour_of(cell), np.ascontiguousarray(record.measured(measure), dtype="<f4")
    return {
        "name": cell,
        "label": name_of(cell),
        "light": colour,
        "dark": DARK[colour],
        "asked": record.asked,
        "said": predicted_words(cell, record),
        "values": base64.b64encode(values.tobytes()).decode(),
    }
