"""Heat maps hide nothing: levels are the nearest of 256, colour bars say what lies beyond them."""

import numpy as np


def test_levels_are_within_half_a_step_of_the_value():
    from seqviz.figures.heat import quantised

    values = np.linspace(-3, 3, 1001)
    levels = quantised(values, -3, 3)
    assert np.abs(levels / 255 * 6 - 3 - values).max() <= 3 / 255 + 1e-12


def test_ratio_scale_puts_one_in_the_middle_and_is_symmetric():
    from seqviz.figures.heat import ratio_levels

    scale = ratio_levels(np.array([[1e-3, 1.0, 10.0]]))
    assert scale.low == -scale.high == -3
    assert scale.levels.tolist() == [[0, 128, 170]]
    assert "1" in scale.words


def test_ratio_scale_says_what_lies_beyond_it():
    from seqviz.figures.heat import ratio_levels

    scale = ratio_levels(np.array([[1e-30, 1.0, 1e30]]))
    assert (scale.words[0], scale.words[-1]) == ("≤ 10⁻⁶", "≥ 10⁶")


def test_ratio_scale_stands_for_zero_and_nothing_finite():
    from seqviz.figures.heat import ratio_levels

    assert ratio_levels(np.array([[0.0, np.nan, np.inf]])).levels.tolist() == [[0, 0, 255]]


def test_linear_scale_says_what_lies_beyond_it():
    from seqviz.figures.heat import linear_levels

    scale = linear_levels(np.array([-2.0, 0.5]), 0.0, 1.0, ("#000000", "#ffffff"))
    assert scale.words[0] == "≤ 0"
    assert scale.words[-1] == "1"
