"""The figure of activations draws the median and the band of the seeds, and counts the moments at which one lies below."""

import numpy as np

from seqviz.figures.activations import activations_figure, activations_finding

STEPS = np.array([0.0, 10.0, 100.0])
STUDY = {
    "relu": (STEPS, np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 4.0], [3.0, 9.0, 5.0]])),
    "tanh": (STEPS, np.ones((3, 3))),
    "sigmoid": (STEPS, np.array([[0.01, 0.1, 0.5], [0.02, 0.3, 0.4], [0.03, 0.2, 0.6]])),
}


def test_the_median_is_a_line_and_the_least_and_the_most_are_its_band():
    drawn = activations_figure(STUDY, {}, layer=1, depth=4)
    named = {trace.name: trace for trace in drawn.data if trace.name}
    np.testing.assert_allclose(named["ReLU"].y, [2, 3, 4])
    top, bottom = drawn.data[0], drawn.data[1]
    np.testing.assert_allclose(top.y, [3, 9, 5])
    np.testing.assert_allclose(bottom.y, [1, 2, 3])
    assert bottom.fill == "tonexty"


def test_runs_trained_here_stand_beside():
    drawn = activations_figure(STUDY, {"relu": (STEPS, np.array([[7.0, 8.0, 9.0]]))}, layer=1, depth=4)
    named = {trace.name: trace for trace in drawn.data if trace.name}
    np.testing.assert_allclose(named["ReLU, trained here"].y, [7, 8, 9])


def test_the_title_says_whether_the_sigmoid_lies_below_throughout():
    said = activations_finding(STUDY, layer=1, depth=4)
    assert said == (
        "In layer 1 of 4, the sigmoid's median sum lies below ReLU's at every moment of training: between 0.01 and 0.12 of it."
    )
    crossed = STUDY | {"sigmoid": (STEPS, np.array([[0.5, 30.0, 0.5]]))}
    assert "at 2 of 3 moments of training: between 0.12 and 10 of it" in activations_finding(crossed, layer=1, depth=4)
    assert activations_finding({}, layer=1, depth=4) == "Nothing was measured of ReLU or of the sigmoid."
