"""The right answer to the page's question follows from the scores; without scores there is none."""

import numpy as np
import pytest


@pytest.mark.parametrize(
    ("rnn", "lstm", "truth"),
    [
        (0.5, 0.9, "worse"),
        (0.9, 0.5, "better"),
        (0.85, 0.9, "same"),
        (0.9, 0.85, "same"),
        (np.nan, 0.9, None),
        (0.9, np.nan, None),
        (np.nan, np.nan, None),
    ],
)
def test_an_rnn_is_held_beside_the_lstm_only_where_both_have_a_score(rnn, lstm, truth):
    from seqviz.ui.lessons.recurrent.gates.settings import GUESSES
    from seqviz.ui.lessons.recurrent.gates.views import beside_the_lstm

    assert beside_the_lstm(rnn, lstm) == truth
    assert truth is None or truth in GUESSES
