"""Numbers go to the browser as JSON has them."""

import json

import numpy as np
import pytest

from seqviz.ui.parts import plain_numbers


def test_what_is_not_finite_is_a_word_with_its_sign():
    assert plain_numbers(np.array([[1.5, np.nan], [np.inf, -np.inf]])) == [[1.5, "not a number"], ["∞", "-∞"]]
    assert plain_numbers(-np.inf) == "-∞"


@pytest.mark.parametrize("values", [np.zeros((0,)), np.arange(3), np.full((2, 2, 2), np.nan), np.float64(0.1), 2])
def test_json_holds_whatever_is_sent(values):
    json.dumps(plain_numbers(values), allow_nan=False)


def test_single_precision_is_sent_without_the_digits_that_it_lacks():
    sent = plain_numbers(np.float32([0.1, 1e-38, 123456.78]), 8)
    assert sent[0] == 0.1
    np.testing.assert_array_equal(np.float32(sent), np.float32([0.1, 1e-38, 123456.78]))
