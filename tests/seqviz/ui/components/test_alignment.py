"""What the stepped translation is sent is the record's, and what the browser reports is checked."""

from dataclasses import replace

import numpy as np
import pytest

from seqviz.records import Translation
from seqviz.ui.components.alignment import SHOWN_UNITS, _data, place_of

RECORD = Translation(
    source=("<b>chat</b>", "noir"), known=np.array([False, True]), written=("black", "<eos>"), given=np.array([True, False]),
    log_probabilities=np.log([0.25, 1.0]), scores=np.ones((2, 2)), weights=np.array([[0.25, 0.75], [0.5, 0.5]]),
    contexts=np.arange(40.0).reshape(2, 20), combined=np.zeros((2, 12)), alternatives=((("black", 0.25),), (("<eos>", 1.0),)),
    moved=np.zeros(2, bool), handed=12, bidirectional=True, looks_before=True,
)  # fmt: skip


def test_numbers_are_sent_as_they_are():
    sent = _data(RECORD, "a title", {(1, 0)})
    assert sent["weights"] == RECORD.weights.tolist()
    assert sent["probability"] == pytest.approx([0.25, 1.0])
    assert (len(sent["contexts"][0]), sent["contextUnits"], sent["units"]) == (SHOWN_UNITS, 20, 12)
    assert (sent["gold"], sent["movable"]) == ([[1, 0]], True)
    assert sent["source"][0] == "<b>chat</b>"  # as text; the component never makes markup of it


def test_without_attention_nothing_can_be_moved():
    sent = _data(replace(RECORD, scores=None, weights=None, contexts=None), "", None)
    assert (sent["weights"], sent["scores"], sent["contexts"], sent["movable"]) == (None, None, None, False)


@pytest.mark.parametrize(
    ("reported", "place"),
    [
        ({"source": 1, "target": 0, "at": 3}, (0, 1)),
        ({"source": 2, "target": 0}, None),
        ({"source": -1, "target": 0}, None),
        ({"source": "1", "target": 0}, None),
        ("nonsense", None),
        (None, None),
    ],
)
def test_only_a_cell_of_the_map_is_a_place(reported, place):
    assert place_of(reported, RECORD) == place
