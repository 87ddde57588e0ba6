"""What the page says of reading backwards is counted sentence by sentence."""

import numpy as np
import pytest

from seqviz.records import Examination
from seqviz.ui.lessons.attention.bottleneck.views import reversal_finding

WORDS = ("a", "b")


def examined(exact):
    rows = (WORDS,) * len(exact)
    return Examination(
        source=rows, written=rows, wanted=rows, exact=np.array(exact, dtype=bool), alignment_error=None,
        near_alignment_error=None, entropy=None,
    )  # fmt: skip


FEW, MANY = [True] * 10 + [False] * 40, [True] * 40 + [False] * 10


@pytest.mark.parametrize(
    ("forwards", "backwards", "said"),
    [
        (
            FEW,
            MANY,
            "Reversal helps here: 80 % come out right when the source is read backwards, 20 %",
        ),
        (MANY, FEW, "Reversal hurts here: 20 %"),
        (MANY, [*MANY[1:], True], "Reversal does not clearly help here: 80 %"),
        (MANY, MANY, "Reversal does not clearly help here: 80 %"),
    ],
)
def test_reversal_is_judged_by_the_sentences_that_only_one_gets_right(forwards, backwards, said):
    finding = reversal_finding(examined(forwards), examined(backwards))
    assert finding.startswith(said)
    only = sum(there and not here for here, there in zip(forwards, backwards, strict=True))
    assert f"{only} sentences are right only backwards" in finding
