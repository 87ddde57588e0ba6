"""What is said of a sentence's words is what the numbers are, network by network."""

import numpy as np

from seqviz.figures.word_influence import Cue, influence_finding, other_measure, predicted_words
from seqviz.records import Agreement, WordInfluence

CUE = Cue(place=3, fillers=2)


def record(*last, asked="french", likeliest=(("french", 0.9), ("greek", 0.05))):
    size = len(last)
    changes = np.zeros((size, size))
    changes[-1] = last
    return WordInfluence(
        words=("nora", "lived", "in", "france")[:size], known=np.ones(size, dtype=bool), asked=asked, likeliest=likeliest,
        log_probabilities=np.log(np.full(size, 0.25)), products=-changes, changes=changes,
        agreement=Agreement(relative_error=1e-9, gradient=1.0, difference=1.0),
    )  # fmt: skip


def test_the_deciding_word_is_told_in_every_network_with_its_sign():
    said = influence_finding({"rnn": record(0, 0, 0, -0.2), "lstm": record(0, 0, 0, 4.123)}, "replaced", CUE)
    assert said == (
        "“france”, with 2 fillers between it and “french”, being there rather than another of its class, moves its "
        "log-probability by -0.20 in the RNN and +4.12 in the LSTM (nats)."
    )


def test_by_gradient_the_products_are_told():
    said = influence_finding({"gru": record(0, 0, 0, 2.0)}, "gradient", CUE)
    assert said.startswith(
        "“france”, with 2 fillers between it and “french”: gradient × input gives its influence on the log-probability as -2.00"
    )


def test_without_a_deciding_word_the_strongest_is_told_or_that_there_is_hardly_any():
    said = influence_finding({"rnn": record(0, 0.01, 0, 0), "gru": record(0, -3.0, 1, 0)}, "replaced", None)
    assert said == (
        "In the RNN, hardly any word moves “french”; in the GRU, “lived” (3 words before) moves “french” most: -3.00 nats."
    )


def test_what_is_expected_is_told_with_what_was_asked_for():
    assert predicted_words("lstm", record(1.0)) == "LSTM expects french 90 %, greek 5.0 %"
    assert predicted_words("rnn", record(1.0, asked="polish")) == "RNN expects french 90 %, greek 5.0 %; “polish” 25 %"


def test_what_the_other_measure_says_is_told_beside():
    records = {"rnn": record(0, 0, 0, 0.5), "lstm": record(0, 0, 0, 4.0)}
    assert other_measure(records, "replaced", CUE) == (
        "Gradient × input says of “france”: -0.50 in the RNN and -4.00 in the LSTM. "
        "In the RNN and the LSTM, both have opposite signs."
    )
    assert other_measure(records, "gradient", CUE).startswith("Replacing the word says of “france”: +0.50 in the RNN")


def test_signs_that_are_not_told_are_not_called_opposite():
    assert "opposite signs" not in other_measure({"rnn": record(0, 0, 0, 0.001)}, "replaced", CUE)


def test_without_a_deciding_word_gradient_times_input_is_held_against_the_change_where_it_is_opposite():
    assert influence_finding({"gru": record(0, -3.0, 1, 0)}, "gradient", None) == (
        "In the GRU, gradient × input on “french” is largest for “lived” (3 words before): +3.00 nats, "
        "against -3.00 where the word is replaced."
    )
