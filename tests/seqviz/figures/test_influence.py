"""Figures of influence say what their numbers say: at the lag, by distance in words, and word by word in one sentence."""

import numpy as np
import pytest

from seqviz.figures.influence import (
    Cue,
    Place,
    accuracy_figure,
    influence_finding,
    jacobian_ratio,
    lag_figure,
    other_measure,
    predicted_words,
)
from seqviz.records import Agreement, DependencyAccuracy, InputInfluence, WordInfluence

AGREEMENT = Agreement(relative_error=1e-9, gradient=1.0, difference=1.0)


def record(jacobian, gradient):
    """Three sequences of six steps, with these sizes three steps back and 1 elsewhere."""
    jacobians, gradients = np.ones((3, 6)), np.ones((3, 6))
    jacobians[:, 3], gradients[:, 3] = jacobian, gradient
    return InputInfluence(jacobians=jacobians, gradients=gradients, loss=0.1, agreement=AGREEMENT)


PANELS = {
    ("with", "before"): record(0.1, 0.1),
    ("without", "before"): record(0.1, 0.1),
    ("with", "after"): record(5.0, 0.01),
    ("without", "after"): record(0.01, 0.1),
}


def test_four_panels_share_their_axes_and_the_lag_is_marked_in_each():
    drawn = lag_figure(PANELS, 3)
    assert drawn.layout.meta["finding"] == (
        "What training does 3 steps back: with a dependency, the answer’s Jacobian grows 50-fold and the loss gradient "
        "shrinks to 0.1; without one, the answer’s Jacobian shrinks to 0.1 and the loss gradient keeps its size."
    )
    assert len(drawn.data) == 8 + 1
    assert drawn.data[8].name == "3 steps back: the lag"
    assert {trace.yaxis for trace in drawn.data[:8]} == {"y", "y2", "y3", "y4"}
    assert [shape.x0 for shape in drawn.layout.shapes] == [3] * 4
    assert {drawn.layout[f"yaxis{number}"].matches for number in "234"} == {"y"}
    assert {drawn.layout[f"xaxis{number}"].matches for number in "234"} == {"x"}
    assert drawn.layout.annotations[2].text == "With a dependency,<br>after training"
    np.testing.assert_array_equal(drawn.data[4].y, [1, 1, 1, 5, 1, 1])


def test_what_training_makes_of_the_jacobian_is_given_alone():
    assert jacobian_ratio(PANELS, 3) == 50


def accuracy(*right):
    counts = np.arange(len(right))
    return DependencyAccuracy(
        fillers=counts, distances=5 + 5 * counts, right=np.array(right), of=50
    )  # fmt: skip


def test_accuracy_by_distance_says_the_nearest_and_the_one_marked():
    drawn = accuracy_figure({"rnn": accuracy(50, 25, 5), "lstm": accuracy(50, 50, 48)}, Place(2, 1), 0.1)
    assert drawn.layout.meta["finding"] == (
        "Of held-out sentences, the word is found with no filler between in 100 % by the RNN and 100 % by the LSTM; "
        "with 2 fillers in 10 % and 96 %; guessing finds 10 %. "
        "Fewer than 90% are found first with 1 filler by the RNN; not even with 2 fillers by the LSTM."
    )
    curves = [trace for trace in drawn.data if trace.name in ("RNN", "LSTM")]
    assert [list(trace.x) for trace in curves] == [[0, 1, 2]] * 2
    assert list(curves[0].y) == pytest.approx([100, 50, 10])
    assert "further than any learned from" in [note.text for note in drawn.layout.annotations]


def test_words_missed_without_any_filler_are_explained_by_what_stands_between_even_then():
    said = accuracy_figure({"rnn": accuracy(30, 20), "gru": accuracy(50, 50)}, Place(1, 1), 0.1).layout.meta["finding"]
    assert said.endswith(" Even with no filler 4 words stand between, and the RNN misses some.")


@pytest.mark.parametrize(
    ("right", "said"),
    [
        ({"rnn": [50, 50], "gru": [50, 46]}, "With up to 1 filler between, the RNN and the GRU find at least 90%."),
        ({"rnn": [50, 44], "gru": [50, 40]}, "Fewer than 90% are found first with 1 filler by the RNN and the GRU."),
        ({"rnn": [50, 20, 50], "gru": [50, 50, 20]},
         "Fewer than 90% are found first with 1 filler by the RNN; with 2 fillers by the GRU."),
    ],
)  # fmt: skip
def test_who_misses_words_is_told_with_the_distance_at_which_they_first_do(right, said):
    records = {cell: accuracy(*counts) for cell, counts in right.items()}
    assert accuracy_figure(records, Place(1, 0), 0.1).layout.meta["finding"].endswith(f" {said}")


def test_nothing_chosen_is_said():
    assert accuracy_figure({}, Place(2, 1), 0.1).layout.meta["finding"] == "No network is chosen."


CUE = Cue(place=3, fillers=2)


def words(*last, asked="french", likeliest=(("french", 0.9), ("greek", 0.05))):
    size = len(last)
    changes = np.zeros((size, size))
    changes[-1] = last
    return WordInfluence(
        words=("nora", "lived", "in", "france")[:size], known=np.ones(size, dtype=bool), asked=asked, likeliest=likeliest,
        log_probabilities=np.log(np.full(size, 0.25)), products=-changes, changes=changes,
        agreement=Agreement(relative_error=1e-9, gradient=1.0, difference=1.0),
    )  # fmt: skip


def test_the_deciding_word_is_told_in_every_network_with_its_sign():
    said = influence_finding({"rnn": words(0, 0, 0, -0.2), "lstm": words(0, 0, 0, 4.123)}, "replaced", CUE)
    assert said == (
        "“france”, with 2 fillers between it and “french”, being there rather than another of its class, moves its "
        "log-probability by -0.20 in the RNN and +4.12 in the LSTM (nats)."
    )


def test_by_gradient_the_products_are_told():
    said = influence_finding({"gru": words(0, 0, 0, 2.0)}, "gradient", CUE)
    assert said.startswith(
        "“france”, with 2 fillers between it and “french”: gradient × input gives its influence on the log-probability as -2.00"
    )


def test_without_a_deciding_word_the_strongest_is_told_or_that_there_is_hardly_any():
    said = influence_finding({"rnn": words(0, 0.01, 0, 0), "gru": words(0, -3.0, 1, 0)}, "replaced", None)
    assert said == (
        "In the RNN, hardly any word moves “french”; in the GRU, “lived” (3 words before) moves “french” most: -3.00 nats."
    )


def test_what_is_expected_is_told_with_what_was_asked_for():
    assert predicted_words("lstm", words(1.0)) == "LSTM expects french 90 %, greek 5.0 %"
    assert predicted_words("rnn", words(1.0, asked="polish")) == "RNN expects french 90 %, greek 5.0 %; “polish” 25 %"


def test_what_the_other_measure_says_is_told_beside():
    records = {"rnn": words(0, 0, 0, 0.5), "lstm": words(0, 0, 0, 4.0)}
    assert other_measure(records, "replaced", CUE) == (
        "Gradient × input says of “france”: -0.50 in the RNN and -4.00 in the LSTM. "
        "In the RNN and the LSTM, both have opposite signs."
    )
    assert other_measure(records, "gradient", CUE).startswith("Replacing the word says of “france”: +0.50 in the RNN")


def test_signs_that_are_not_told_are_not_called_opposite():
    assert "opposite signs" not in other_measure({"rnn": words(0, 0, 0, 0.001)}, "replaced", CUE)


def test_without_a_deciding_word_gradient_times_input_is_held_against_the_change_where_it_is_opposite():
    assert influence_finding({"gru": words(0, -3.0, 1, 0)}, "gradient", None) == (
        "In the GRU, gradient × input on “french” is largest for “lived” (3 words before): +3.00 nats, "
        "against -3.00 where the word is replaced."
    )
