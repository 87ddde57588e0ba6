"""A prediction is credited for what the gradient did, however the finding is worded."""

import numpy as np
import pytest


@pytest.mark.parametrize(
    ("sizes", "guess"),
    [
        ([0.01, 1.0], "shrinks"),
        ([0.0, 1.0], "shrinks"),
        ([0.0, 5e-324, 1.0], "shrinks"),
        ([1.0, 1.0], "keeps"),
        ([100.0, 1.0], "grows"),
        ([np.inf, 1.0], "grows"),
        ([np.nan, 1.0], ""),
        ([0.0, 0.0], ""),
    ],
)
def test_exactly_the_right_prediction_is_credited(sizes, guess):
    from seqviz.language.words import became, fate, ratio
    from seqviz.ui.lessons.recurrent.vanishing.settings import GUESSES

    assert fate(ratio(sizes[0], sizes[-1])) == guess
    assert not guess or guess in GUESSES
    said = {"shrinks": ("shrinks", "vanishes"), "keeps": "keeps", "grows": "grows", "": ("is not", "is exactly")}[guess]
    assert became(np.array(sizes), -1, 0).startswith(said)
