"""What the figure by length draws and says is counted from the sentences themselves."""

import numpy as np
import pytest

from seqviz.figures.chance import wilson_interval
from seqviz.figures.examination import by_length, length_figure, length_finding
from seqviz.records import Examination


def examined(*lengths_and_rights, words=6):
    """Sentences of each length, so many and so many of them right; each translation has ``words`` words."""
    source, exact = [], []
    for length, of, right in lengths_and_rights:
        source += [tuple("le" for _ in range(length))] * of
        exact += [True] * right + [False] * (of - right)
    wanted = tuple(f"w{at}" for at in range(words))
    written = [wanted if right else ("no", *wanted[1:]) for right in exact]
    return Examination(
        source=tuple(source), written=tuple(written), wanted=(wanted,) * len(source), exact=np.array(exact),
        alignment_error=None, near_alignment_error=None, entropy=None,
    )  # fmt: skip


# At 12 words there are too few sentences to speak of.
GOOD, BAD = examined((3, 10, 10), (8, 20, 18), (12, 4, 2)), examined((3, 10, 9), (8, 20, 5), (12, 4, 0))


def test_each_length_has_its_share_and_the_title_says_the_ends_that_have_enough_sentences():
    lengths, values = by_length(BAD, "exact")
    assert lengths.tolist() == [3, 8, 12]
    np.testing.assert_allclose(values, [90, 25, 0])
    drawn = length_figure({"with attention": GOOD, "without attention": BAD})
    assert drawn.layout.title.text == (
        "Of sentences of 3 words, 100 % with attention and 90 % without attention come out right; of 8 words, 90 % and 25 %."
    )


def test_where_the_networks_differ_most_is_said_too():
    one, other = examined((3, 9, 9), (7, 10, 8), (12, 6, 0)), examined((3, 9, 9), (7, 10, 2), (12, 6, 0))
    assert length_finding({"forwards": one, "backwards": other}, "exact") == (
        "Of sentences of 3 words, 100 % forwards and 100 % backwards come out right; of 7 words, 80 % and 20 %; of 12 words, "
        "0 % and 0 %."
    )


def test_band_is_wilsons_interval():
    drawn = length_figure({"with attention": GOOD})
    low, high, curve = drawn.data
    np.testing.assert_allclose([low.y[1], high.y[1]], np.array(wilson_interval(18, 20)) * 100)
    assert curve.y[1] == 90
    assert "18 of 20 exactly right" in curve.customdata[1]


def test_bleu_of_the_right_translation_is_100_and_translations_of_three_words_have_none():
    _, values = by_length(examined((3, 5, 5), (4, 5, 0)), "bleu")
    assert values[0] == pytest.approx(100)
    assert values[1] < 100
    assert np.isnan(by_length(examined((3, 5, 5), words=3), "bleu")[1]).all()
    assert length_finding({"with attention": examined((3, 5, 5), words=3)}, "bleu") == (
        "BLEU counts runs of up to 4 words, and no right translation here has 4."
    )
    assert length_figure({"a": examined((3, 9, 9), (7, 9, 9))}, measure="bleu").layout.title.text == (
        "BLEU of sentences of 3 words is 100 a; of 7 words, 100."
    )


def test_what_is_longer_than_anything_learned_from_is_marked():
    assert not length_figure({"a": GOOD}, learned=12).layout.shapes
    marked = length_figure({"a": GOOD}, learned=8)
    assert marked.layout.shapes[0].x0 == 8.5
    assert marked.layout.annotations[0].text == "longer than any learned from"


def test_too_few_sentences_and_no_network_are_said():
    assert length_finding({"a": examined((3, 2, 2))}, "exact") == "There are too few sentences of any one length to tell."
    assert length_figure({}).layout.meta["empty"]
