"""What is said of a sentence's words is what the numbers are, network by network."""

import numpy as np

from seqviz.figures.word_influence import influence_finding, other_measure, predicted_words
from seqviz.records import Agreement, WordInfluence


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
    said = influence_finding({"rnn": record(0, 0, 0, -0.2), "lstm": record(0, 0, 0, 4.123)}, "replaced", 3)
    assert said == (
        "“france”, 1 word before “french”, being there rather than another of its class, moves its log-probability by -0.20 in "
        "the RNN and +4.12 in the LSTM (nats)."
    )


def test_by_gradient_the_products_are_told():
    said = influence_finding({"gru": record(0, 0, 0, 2.0)}, "gradient", 3)
    assert said.startswith(
        "“france”, 1 word before “french”, by gradient × input, moves its log-probability by -2.00 in the GRU"
    )


def test_without_a_deciding_word_the_strongest_is_told_or_that_there_is_hardly_any():
    said = influence_finding({"rnn": record(0, 0.01, 0, 0), "gru": record(0, -3.0, 1, 0)}, "replaced", None)
    assert said == (
        "In the RNN, hardly any word moves “french”; in the GRU, “lived” (3 words before) moves “french” most: -3.00 nats."
    )


def test_what_is_expected_is_told_with_what_was_asked_for():
    assert predicted_words("lstm", record(1.0)) == "LSTM expects french 90 %, greek 5 %"
    assert predicted_words("rnn", record(1.0, asked="polish")) == "RNN expects french 90 %, greek 5 %; “polish” 25 %"


def test_what_the_other_measure_says_is_told_beside():
    records = {"rnn": record(0, 0, 0, 0.5), "lstm": record(0, 0, 0, 4.0)}
    assert other_measure(records, "replaced", 3) == "Gradient × input says of “france”: -0.50 in the RNN and -4.00 in the LSTM."
    assert other_measure(records, "gradient", 3).startswith("Replacing the word says of “france”: +0.50 in the RNN")
