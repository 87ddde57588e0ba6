"""The browser gets the sentence as plain words, and each network's numbers."""

import base64

import numpy as np

from seqviz.figures.influence import Cue
from seqviz.records import Agreement, WordInfluence
from seqviz.ui.components.influenced_words import influence_data

VALUES = np.array([[0.5, 0.0], [-2.0, 1.0]])
RECORD = WordInfluence(
    words=("<img>", "key"), known=np.array([False, True]), asked="is", likeliest=(("is", 0.5), ("are", 0.2)),
    log_probabilities=np.log([0.1, 0.5]), products=VALUES, changes=2 * VALUES,
    agreement=Agreement(relative_error=1e-9, gradient=1.0, difference=1.0),
)  # fmt: skip


def test_words_numbers_and_scale_are_handed_over():
    data = influence_data({"rnn": RECORD}, measure="replaced", cue=Cue(1, 0))
    assert data["words"] == ["<img>", "key"]
    assert data["known"] == [False, True]
    assert (data["cue"], data["first"], data["most"]) == (1, 1, 4.0)
    (network,) = data["networks"]
    values = np.frombuffer(base64.b64decode(network["values"]), dtype="<f4").reshape(2, 2)
    np.testing.assert_array_equal(values, 2 * VALUES)


def test_without_a_deciding_word_the_strongest_is_shown_first():
    assert influence_data({"gru": RECORD}, measure="gradient", cue=None)["first"] == 0
