"""Every head of a Transformer in the browser: thumbnails, one large as lines and map, and one pair's arithmetic.

All of it is drawn from one message: a byte for each weight, and q, k and v in float32, from which the browser computes the
exact scores and weights again. Where q, k and v of all heads would be too much, those of the head shown are sent alone.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import streamlit as st

from seqviz.figures.look import DARK, GATE_SCALE, PALETTE, STATE_SCALE
from seqviz.records import AttentionHeads
from seqviz.records.heads import CROSS, MASKED
from seqviz.ui.components.component import component, news, nothing

MOST_BYTES = 1_000_000  # of a message that carries q, k and v of every head

_LIGHT = {"palette": list(PALETTE.values()), "scale": list(GATE_SCALE), "positive": STATE_SCALE[-1], "negative": STATE_SCALE[0]}


def _twin(light: Any) -> Any:
    return [DARK[each] for each in light] if isinstance(light, list) else DARK[light]


_LOOK = {"light": _LIGHT, "dark": {part: _twin(colours) for part, colours in _LIGHT.items()}}
_mount = component(__name__)


@dataclass(frozen=True, kw_only=True)
class Place:
    """The head shown large, and the pair whose arithmetic is shown below it; all count from 0."""

    layer: int
    head: int
    query: int
    key: int
    pinned: bool  # a person chose the pair, which stays when another head is shown; else 0, 0: each head's most telling


def show_heads(
    record: AttentionHeads, place: Place, *, key: str, title: str, labels: Sequence[Sequence[tuple[str, str]]], hint: str,
    gold: Iterable[tuple[int, int]] | None = None,
) -> None:  # fmt: skip
    """Place ``record``; pointing, choosing heads and pairs happen in the browser alone.

    Args:
        record: one kind of attention.
        place: what is shown.
        key: of the component, unique on its page.
        title: the finding.
        labels: what each head does (layer, head), in a word and in a few, empty where nothing is remarkable.
        hint: what can be done here.
        gold: the right links (key, query), marked on the map.
    """
    header = {
        "title": title,
        "hint": hint,
        "labels": labels,
        "gold": None if gold is None else [list(link) for link in sorted(gold)],
        "chosen": _told(key, place),
    }
    _mount(key=key, data=packed(record, place, header), on_place_change=nothing)


def reported_place(key: str, record: AttentionHeads) -> Place | None:
    """Return what was chosen just now in the component under ``key``, before it is placed again."""
    place = place_of(news(key, getattr(st.session_state.get(key), "place", None)), record)
    if place is not None:
        st.session_state[f"{key}.reported"] = place
    return place


def place_of(reported: Any, record: AttentionHeads) -> Place | None:
    """Return what the browser reported as a place, or None where it is none (a browser can send anything)."""
    if not isinstance(reported, Mapping):
        return None
    numbers = [reported.get(name) for name in ("layer", "head", "query", "key")]
    inside = all(type(number) is int and 0 <= number < size for number, size in zip(numbers, record.weights.shape, strict=True))
    if not inside or not isinstance(reported.get("pinned"), bool):
        return None
    layer, head, query, key = (int(number) for number in numbers if number is not None)
    pinned = bool(reported["pinned"])
    return Place(layer=layer, head=head, query=query if pinned else 0, key=key if pinned else 0, pinned=pinned)


def packed(record: AttentionHeads, place: Place, header: Mapping[str, Any]) -> bytes:
    """Return the message: its header's length, the header as JSON, float32 of q, k and v, a byte for each weight.

    A weight's byte is 255 times its root, so that the small weights of long texts keep their digits.
    """
    every = [[layer, head] for layer in range(record.layers) for head in range(record.heads)]
    whole = {
        **header, "queries": record.queries_of, "keys": record.keys_of, "layers": record.layers, "heads": record.heads,
        "width": record.queries.shape[-1], "masked": record.kind == MASKED, "cross": record.kind == CROSS, "look": _LOOK,
        "carried": every,
    }  # fmt: skip
    numbers = record.queries.size + record.keys.size + record.values.size
    if 4 * numbers + record.weights.size + len(_written(whole)) > MOST_BYTES:
        whole["carried"] = [[place.layer, place.head]]
    layers, heads = np.array(whole["carried"]).T
    vectors = [part[layers, heads].astype("<f4").tobytes() for part in (record.queries, record.keys, record.values)]
    levels = np.rint(255 * np.sqrt(record.weights)).astype(np.uint8).tobytes()
    written = _written(whole)
    return b"".join((len(written).to_bytes(4, "little"), written, *vectors, levels))


def _written(header: Mapping[str, Any]) -> bytes:
    return json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()


def _told(key: str, place: Place) -> dict[str, Any]:
    """Return the place that the message names, and how often it was changed; what the browser itself chose changes nothing."""
    state = st.session_state
    told, turn, reported = state.get(f"{key}.told"), state.get(f"{key}.turn", 0), state.get(f"{key}.reported")
    if place != reported and (reported is not None or place != told):
        told, turn = place, turn + 1
        state[f"{key}.told"], state[f"{key}.turn"], state[f"{key}.reported"] = told, turn, None
    return {**asdict(told or place), "turn": turn}
