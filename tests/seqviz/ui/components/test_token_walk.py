"""A walk's message holds the record's numbers and the run's weights, bounded; whatever a browser sends is checked."""

import json
from dataclasses import replace

import numpy as np
import pytest
from tinytransformer import causal, network, reading, text

from seqviz.tracing.walk import walk_text, walk_token
from seqviz.ui.components.token_walk import MOST_BYTES, MOST_ROWS, blocks_of, packed, rows_of, token_of


def unpacked(message):
    """The header, and every array and row of the message by name."""
    length = int.from_bytes(message[:4], "little")
    header, body = json.loads(message[4 : 4 + length]), 4 + length

    def numbers(wide, count, offset):
        return np.frombuffer(message, "<f8" if wide == 8 else "<f4", count, body + offset)

    arrays = {
        name: numbers(wide, rows * columns, offset).reshape(rows, columns)
        for name, rows, columns, wide, offset in header["arrays"]
    }
    return header, arrays, {(name, row): numbers(wide, columns, offset) for name, row, columns, wide, offset in header["rows"]}


def walked(side="decoder", sentence=None, **settings):
    model = (causal if side == "text" else network)(**settings).float()
    weights = {name: weight.numpy() for name, weight in model.state_dict().items()}
    if side == "text":
        return walk_text(model.double(), text(), 2), weights
    read = reading() if sentence is None else reading(given=("the",) * len(sentence), sentence=sentence)
    return walk_token(model.double(), read, side, 2), weights


@pytest.mark.parametrize("side", ["encoder", "decoder", "text"])
@pytest.mark.parametrize("norm", ["pre", "post"])
def test_every_array_that_a_block_names_is_there_and_is_the_records(norm, side):
    record, weights = walked(side, norm=norm)
    header, arrays, rows = unpacked(packed(record, weights, "title"))
    for block in blocks_of(record):
        assert {*block.get("from", ()), *([block["out"]] if "out" in block else [])} <= set(arrays)
    for number, one in enumerate(record.sublayers):
        for name in ("inputs", "read", "output", "added", "result"):
            np.testing.assert_array_equal(arrays[f"{number}.{name}"][0], getattr(one, name))
        if one.look is not None:
            np.testing.assert_array_equal(arrays[f"{number}.look.scores"], one.look.scores)
            np.testing.assert_array_equal(arrays[f"{number}.look.keys"].reshape(one.look.keys.shape), one.look.keys)
    for name, array in arrays.items():
        if name in weights:
            np.testing.assert_array_equal(array.ravel(), weights[name].ravel())
    side = record.side
    assert {f"{side}.layers.1.expand.weight", f"{side}.layers.0.self_attention.key.bias"} < set(arrays)
    assert header["tokens"][header["position"]] == header["token"]
    if side == "decoder":
        for symbol in record.next.best:
            np.testing.assert_array_equal(rows["readout.weight", int(symbol)], weights["readout.weight"][symbol])


@pytest.mark.parametrize(("norm", "position"), [("pre", "add"), ("post", "norm")])
def test_the_stream_ends_where_the_lens_looks(norm, position):
    record, _ = walked(norm=norm)
    looks = [block for block in blocks_of(record) if "stage" in block]
    assert not any("branch" in block for block in looks)
    assert [block["stage"] for block in looks] == list(range(7))
    assert {block["title"] for block in looks[1:]} == {position}
    assert blocks_of(record)[-1]["kind"] == "softmax"


@pytest.mark.parametrize(
    ("norm", "branches"), [("pre", {"norm", "self", "cross", "feedforward"}), ("post", {"self", "cross", "feedforward"})]
)
def test_a_norm_stands_on_the_stream_where_it_replaces_it(norm, branches):
    record, _ = walked(norm=norm)
    inside = [block for block in blocks_of(record) if block["layer"]]
    assert {block["kind"] for block in inside if "branch" in block} == branches
    assert {block["kind"] for block in inside if "branch" not in block} == {"sum", "norm", "self"} - branches


@pytest.mark.parametrize("side", ["encoder", "text"])
def test_without_positions_there_is_no_block_that_adds_them(side):
    record, _ = walked(side, positions="none")
    np.testing.assert_array_equal(record.embedded, record.entered)
    word, following = blocks_of(record)[:2]
    assert (word["kind"], word["stage"]) == ("word", 0)
    assert following["layer"] == 1


def test_a_common_network_is_sent_whole_within_a_megabyte():
    """The shipped Transformer's size, a long sentence, a vocabulary of 300 words."""
    record, weights = walked(sentence=("le", "chat") * 10, width=64, heads=4, inner=256)
    weights["readout.bias"] = np.zeros(300, np.float32)
    many = replace(record.next, logits=np.zeros(300), chances=np.zeros(300))
    message = packed(replace(record, next=many), weights, "title")
    assert len(message) <= MOST_BYTES
    assert "decoder.layers.1.contract.weight" in unpacked(message)[1]


def test_of_a_large_one_the_rows_that_are_asked_for_are_sent():
    record, weights = walked(width=128, heads=4, inner=512)
    asked = (("decoder.layers.0.expand.weight", 400), ("0.states", 1), ("nothing", 0), ("0.states", 99))
    message = packed(record, weights, "title", asked)
    _, arrays, rows = unpacked(message)
    assert len(message) <= MOST_BYTES
    assert "decoder.layers.0.expand.weight" not in arrays
    np.testing.assert_array_equal(rows["decoder.layers.0.expand.weight", 400], weights["decoder.layers.0.expand.weight"][400])
    np.testing.assert_array_equal(rows["0.states", 1], record.sublayers[0].look.states[1])
    assert set(rows) == {("readout.weight", int(symbol)) for symbol in record.next.best} | set(asked[:2])


@pytest.mark.parametrize(
    "reported",
    [None, 3, "d1", {}, {"side": "left", "position": 1}, {"side": "decoder", "position": True},
     {"side": "decoder", "position": -1}, {"side": "decoder", "position": 10**9}, {"side": ["decoder"], "position": "1"}],
)  # fmt: skip
def test_what_is_no_token_is_ignored(reported):
    assert token_of(reported) is None


def test_a_token_is_its_side_and_position():
    assert token_of({"side": "encoder", "position": 3, "at": 7}) == ("encoder", 3)


@pytest.mark.parametrize(
    "reported",
    [None, "rows", {"a": 1}, [["a"]], [[1, 2]], [["a", -1]], [["a", "b"]], [["a", True]], [["a", 1]] * (MOST_ROWS + 1)],
)
def test_what_are_no_rows_is_ignored(reported):
    assert rows_of(reported) == ()


def test_rows_are_names_and_numbers():
    assert rows_of([["0.states", 3], "what", ["0.states", 4]]) == (("0.states", 3), ("0.states", 4))
