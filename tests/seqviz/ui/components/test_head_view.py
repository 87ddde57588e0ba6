"""The browser gets every weight in a byte and q, k and v exactly, in one message of known size; what it reports is checked."""

import json

import numpy as np
import pytest

from seqviz.records import AttentionHeads
from seqviz.ui.components.head_view import MOST_BYTES, Place, packed, place_of

FIRST = Place(layer=0, head=0, query=0, key=0, pinned=False)


def record(layers=2, heads=3, queries=4, keys=5, width=2, kind="cross"):
    draw = np.random.default_rng(0)
    q, k, v = (draw.normal(size=(layers, heads, n, width)).astype("f4") for n in (queries, keys, keys))
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(width)
    weights = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    tokens = [f"<b>{at}</b>" for at in range(max(queries, keys))]
    return AttentionHeads(
        kind=kind, queries_of=tuple(tokens[:queries]), keys_of=tuple(tokens[:keys]), queries=q, keys=k, values=v,
        scores=scores.astype("f4"), weights=weights.astype("f4"),
    )  # fmt: skip


def unpacked(message):
    """Read a message as the browser does."""
    length = int.from_bytes(message[:4], "little")
    header = json.loads(message[4 : 4 + length])
    carried, at, parts = len(header["carried"]), 4 + length, []
    for count in (len(header["queries"]), len(header["keys"]), len(header["keys"])):
        size = carried * count * header["width"]
        parts.append(np.frombuffer(message, "<f4", size, at).reshape(carried, count, header["width"]))
        at += 4 * size
    return header, parts, np.frombuffer(message, np.uint8, offset=at)


def test_vectors_come_exactly_and_weights_to_a_byte():
    one = record()
    header, (q, k, v), levels = unpacked(packed(one, FIRST, {"title": "t"}))
    assert (header["queries"], header["cross"], header["masked"]) == (list(one.queries_of), True, False)
    for mine, theirs in ((q, one.queries), (k, one.keys), (v, one.values)):
        np.testing.assert_array_equal(mine, theirs.reshape(mine.shape))
    np.testing.assert_allclose((levels / 255.0).reshape(one.weights.shape) ** 2, one.weights, atol=0.004)


def test_a_weight_of_0_is_the_byte_0_and_one_of_1_is_255():
    one = record(kind="masked self", queries=5)
    weights = np.zeros_like(one.weights)
    weights[..., 0] = 1
    same = AttentionHeads(**{**vars(one), "weights": weights})
    levels = unpacked(packed(same, FIRST, {}))[2].reshape(weights.shape)
    assert set(np.unique(levels[..., 0])) == {255}
    assert not levels[..., 1:].any()


def test_four_layers_of_eight_heads_on_128_tokens_are_less_than_a_megabyte_in_all():
    one = record(4, 8, 128, 128, width=8, kind="self")
    message = packed(one, FIRST, {"title": "t"})
    assert len(message) <= 1_000_000
    assert len(unpacked(message)[0]["carried"]) == 32


def test_where_all_vectors_would_be_too_much_those_of_the_head_shown_come_alone():
    one = record(4, 8, 64, 64, width=64, kind="self")
    shown = Place(layer=2, head=5, query=0, key=0, pinned=False)
    message = packed(one, shown, {})
    header, (q, _, _), _ = unpacked(message)
    assert header["carried"] == [[2, 5]]
    np.testing.assert_array_equal(q[0], one.queries[2, 5])
    assert len(message) < MOST_BYTES


def test_a_place_in_the_record_is_taken():
    told = {"layer": 1, "head": 2, "query": 3, "key": 4, "pinned": True, "at": 5}
    assert place_of(told, record()) == Place(layer=1, head=2, query=3, key=4, pinned=True)
    assert place_of({**told, "pinned": False}, record()) == Place(layer=1, head=2, query=0, key=0, pinned=False)


@pytest.mark.parametrize("wrong", [{"layer": 2}, {"head": -1}, {"query": "1"}, {"key": 5}, {"key": True}, {"pinned": 1}])
def test_what_is_no_place_is_not_taken(wrong):
    told = {"layer": 1, "head": 2, "query": 3, "key": 4, "pinned": True}
    assert place_of({**told, **wrong}, record()) is None
    assert place_of("layer 1", record()) is None
