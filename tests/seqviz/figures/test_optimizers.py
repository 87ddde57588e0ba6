"""The race of optimizers is drawn as it was measured: medians as lines, ranges as bands."""

import numpy as np

from seqviz.figures.optimizers import optimizer_figure

CURVES = {"sgd": np.array([[0.3, 0.2], [0.2, 0.1], [0.4, 0.15]]), "adam": np.array([[0.3, 0.01], [0.2, 0.02], [0.4, 0.03]])}


def test_bands_reach_from_the_lowest_to_the_highest_seed():
    drawn = optimizer_figure(CURVES)
    named = {trace.name: trace for trace in drawn.data}
    np.testing.assert_allclose(named["SGD"].y, [0.3, 0.15])
    np.testing.assert_allclose(named["SGD, lowest"].y, [0.2, 0.1])
    np.testing.assert_allclose(named["SGD, highest"].y, [0.4, 0.2])
    assert list(named["SGD"].x) == [50, 100]
    assert drawn.layout.meta["finding"] == (
        "The loss falls below a tenth of guessing's, the median of 3 seeds: Adam after 100 steps; not yet with SGD."
    )


def test_one_seed_has_no_band():
    drawn = optimizer_figure({"sgd": CURVES["sgd"][:1]})
    assert [trace.name for trace in drawn.data] == ["SGD", "guessing"]
    assert "one seed each" in drawn.layout.meta["finding"]


def test_no_curve_is_no_figure():
    drawn = optimizer_figure({"sgd": np.zeros((1, 0))})
    assert drawn.layout.meta["empty"]
    assert drawn.layout.meta["finding"] == "No run has trained 50 steps yet."
