"""Learning curves are means of 50 steps, and the title says which network reached a loss first."""

import numpy as np
import pytest

from seqviz.figures.learning import learning_figure, learning_finding, smoothed
from seqviz.records import Metrics


def run(values):
    steps, rest = np.arange(1, len(values) + 1), np.zeros(len(values))
    return Metrics(
        step=steps, loss=rest, metric=np.array(values, dtype=float), gradient_norm=rest, applied_norm=rest,
        clipped=np.zeros(len(values), dtype=bool),
    )  # fmt: skip


FAST, SLOW = run([0.5] * 50 + [0.7] * 50 + [0.9] * 50 + [0.0] * 20), run([0.1] * 100 + [0.7] * 50)


def test_each_point_is_the_mean_of_its_steps_and_a_rest_is_left_out():
    steps, means = smoothed(run([*np.arange(100) / 100, 0.5]))
    assert steps.tolist() == [50, 100]
    np.testing.assert_allclose(means, [24.5, 74.5])


def test_the_title_says_where_they_end_and_when_the_better_one_was_there():
    drawn = learning_figure({"read forwards": SLOW, "read backwards": FAST}, counted="words", roles=("forwards", "backwards"))
    assert drawn.layout.title.text == (
        "Read backwards, 90 % of the words are right in the end; read forwards, 70 %, which the other had by step 100 of 150."
    )
    assert list(drawn.data[1].y) == pytest.approx([50, 70, 90])


def test_one_run_and_none_are_said_too():
    assert learning_finding({"alone": SLOW}, "words") == "Alone, 70 % of the words are right in the end."
    assert learning_finding({"alone": run([0.1] * 9)}, "words") == "There are too few steps to draw a curve."
