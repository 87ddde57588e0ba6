"""What the picture in the browser is sent is the record's, and what the browser reports is checked."""

import base64

import numpy as np
import pytest

from seqviz.records import Captioning
from seqviz.ui.picture import Erased, Forced, Thing, _data, change_of

RECORD = Captioning(
    picture=np.linspace(0, 1, 64 * 64 * 3, dtype=np.float32).reshape(64, 64, 3), written=("a", "<eos>"),
    given=np.array([True, False]), log_probabilities=np.log([0.25, 1.0]), scores=np.zeros((2, 8, 8)),
    weights=np.full((2, 8, 8), 1 / 64), annotations=np.zeros((8, 8, 2)), contexts=np.zeros((2, 2)),
    alternatives=((("a", 0.25), ("two", 0.2)), (("<eos>", 1.0),)), regions=np.zeros((2, 8, 8), dtype=bool),
    true=(("a", "small", "blue", "star"),),
)  # fmt: skip
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
