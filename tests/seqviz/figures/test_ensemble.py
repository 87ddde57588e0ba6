"""What the figure of the ensemble draws and says is counted from what was written."""

from dataclasses import replace

import numpy as np
import pytest

from seqviz.figures.chance import wilson_interval
from seqviz.figures.ensemble import ensemble_figure
from seqviz.records import Examination

WANTED = ("the", "black", "cat", "sleeps", "here")


def examined(right, of=20):
    exact = np.arange(of) < right
    written = tuple(WANTED if each else ("a", *WANTED[1:]) for each in exact)
    return Examination(
        source=(("le",) * 5,) * of, written=written, wanted=(WANTED,) * of, exact=exact,
        alignment_error=None, near_alignment_error=None, entropy=None,
    )  # fmt: skip


def test_one_together_is_the_first_alone_and_the_title_says_what_is_gained():
    members, together = [examined(15), examined(17), examined(13)], [examined(15), examined(18), examined(19)]
    drawn = ensemble_figure(members, together)
    dots, line = drawn.data
    assert list(dots.y) == [75, 85, 65]
    assert list(line.x) == [1, 2, 3]
    assert line.y[0] == dots.y[0]
    assert drawn.layout.title.text == (
        "Three together get 95.0 % of the sentences right; alone they get 75.0 on average, the best one 85.0."
    )
    low, high = wilson_interval(18, 20)
    assert line.error_y.array[1] == pytest.approx(100 * high - 90)
    assert line.error_y.arrayminus[1] == pytest.approx(90 - 100 * low)


def test_where_together_is_no_better_the_title_says_so():
    drawn = ensemble_figure([examined(15), examined(17)], [examined(15), examined(16)])
    assert drawn.layout.title.text.endswith("together is no better than the best alone.")


def test_sentences_without_four_words_have_no_bleu_and_the_title_says_why():
    short = replace(examined(20), written=(WANTED[:3],) * 20, wanted=(WANTED[:3],) * 20)
    drawn = ensemble_figure([short], [short, short], measure="bleu")
    assert drawn.layout.title.text == "BLEU counts runs of up to 4 words, and no right translation here has 4."
    assert np.isnan(drawn.data[1].y).all()
    assert drawn.data[1].customdata[0] == "1 together: no BLEU (20 sentences)"


def test_bleu_is_the_corpus_own_and_has_no_bars():
    drawn = ensemble_figure([examined(20), examined(0)], [examined(20), examined(20)], measure="bleu")
    assert drawn.data[1].y[0] == pytest.approx(100)
    assert drawn.data[0].y[1] < 90
    assert drawn.data[1].error_y.visible is False
