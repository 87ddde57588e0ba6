"""What the picture in the browser is sent is the record's, and what the browser reports is checked."""

import base64
from dataclasses import replace

import numpy as np
import pytest

from seqviz.errors import ConfigError
from seqviz.records import Captioning
from seqviz.ui.components.picture import Chosen, Erased, Forced, Thing, _data, change_of

RECORD = Captioning(
    picture=np.linspace(0, 1, 64 * 64 * 3, dtype=np.float32).reshape(64, 64, 3), written=("a", "<eos>"),
    given=np.array([True, False]), log_probabilities=np.log([0.25, 1.0]), scores=np.zeros((2, 8, 8)),
    weights=np.full((2, 8, 8), 1 / 64), annotations=np.zeros((8, 8, 2)), contexts=np.zeros((2, 2)),
    alternatives=((("a", 0.25), ("two", 0.2)), (("<eos>", 1.0),)), regions=np.zeros((2, 8, 8), dtype=bool),
    true=(("a", "small", "blue", "star"),),
)  # fmt: skip
HEADS = np.stack([np.eye(8) / 8, np.full((8, 8), 1 / 64)])
SEVERAL = replace(RECORD, heads=np.stack([HEADS, HEADS]), weights=np.stack([HEADS.mean(0)] * 2), scores=None, contexts=None)
THINGS = [Thing(number=1, title="<b>1</b>", x=9, y=12, radius=4)]


def test_numbers_are_sent_as_they_are():
    sent = _data(RECORD, THINGS, "a title", 1, "a note")
    pixels = np.frombuffer(base64.b64decode(sent["picture"]), dtype=np.uint8).reshape(64, 64, 3)
    np.testing.assert_allclose(pixels / 255, RECORD.picture, atol=0.5 / 255 + 1e-6)
    assert sent["weights"] == RECORD.weights.tolist()
    assert sent["probability"] == pytest.approx([0.25, 1.0])
    assert (sent["forced"], sent["begin"], sent["title"], sent["key"]) == ([True, False], 1, "a title", "a note")
    assert sent["described"] == "A picture of a small blue star."
    assert sent["things"] == [{"number": 1, "title": "<b>1</b>", "x": 9, "y": 12, "radius": 4}]


@pytest.mark.parametrize(
    ("reported", "change"),
    [
        ({"kind": "erase", "thing": 1, "at": 5}, Erased(1)),
        ({"kind": "erase", "thing": 0}, None),
        ({"kind": "erase", "thing": "1"}, None),
        ({"kind": "head", "head": 2, "at": 5}, None),
        ({"kind": "word", "place": 0, "word": "two"}, Forced(0, "two")),
        ({"kind": "word", "place": 0, "word": "zebra"}, None),
        ({"kind": "word", "place": 2, "word": "two"}, None),
        ({"kind": "word", "place": -1, "word": "two"}, None),
        ({"kind": "word", "place": "0", "word": "two"}, None),
        ({"place": 0, "word": "two"}, None),
        ("nonsense", None),
        (None, None),
    ],
)
def test_only_a_word_that_was_offered_and_a_thing_that_is_there_are_changes(reported, change):
    assert change_of(reported, RECORD, THINGS) == change


def test_of_several_heads_each_is_sent_and_one_can_be_shown_in_the_place_of_their_mean():
    sent = _data(SEVERAL, THINGS, "a title", 1, "a note")
    assert (sent["head"], sent["whose"], sent["scores"]) == (0, "the mean attention of its 2 heads", None)
    np.testing.assert_allclose(sent["heads"], SEVERAL.heads, atol=1e-5)
    one = SEVERAL.through(1)
    sent = _data(one, THINGS, "a title", 1, "a note")
    assert (sent["head"], sent["whose"], sent["weights"][0]) == (1, "head 1's attention", HEADS[0].tolist())
    assert [change_of({"kind": "head", "head": head}, SEVERAL, THINGS) for head in (0, 2, 3, "1")] == [
        Chosen(0),
        Chosen(2),
        None,
        None,
    ]
    assert SEVERAL.through(0) is SEVERAL


@pytest.mark.parametrize(
    ("record", "said"), [(SEVERAL, "has the heads 1 to 2, got head 3"), (RECORD, "and no heads, got head 3")]
)
def test_a_head_that_is_not_there_is_one_sentence(record, said):
    with pytest.raises(ConfigError, match=said):
        record.through(3)
