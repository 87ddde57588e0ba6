"""Contributions add up to the gradient's norm; the title says from how far back they come."""

import numpy as np
import pytest


def record(shares, norms=None):
    from seqviz.records import WeightContributions

    shares = np.asarray(shares, dtype=float)
    return WeightContributions(
        projections=shares, norms=np.abs(shares) if norms is None else np.asarray(norms, float), total_norm=float(shares.sum())
    )


def test_bars_are_the_signed_shares_and_the_line_their_norms():
    from seqviz.figures import weight_contributions_figure

    figure = weight_contributions_figure(record([-0.5, 0.5, 1.0], norms=[0.6, 0.7, 1.1]))
    assert list(figure.data[0].y) == [-0.5, 0.5, 1.0]
    assert list(figure.data[1].y) == [0.6, 0.7, 1.1]


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([0.1, 0.1, 0.8], "To within 10 %, the weights' gradient (‖G‖ = 1) comes from the last 2 of 3 steps."),
        ([0.0, 0.0, 2.0], "To within 10 %, the weights' gradient (‖G‖ = 2) comes from the last step."),
        ([-1.0, 0.0, 2.0], "To within 10 %, the weights' gradient (‖G‖ = 1) comes from the last 3 of 3 steps."),
        ([], "There is no time step to draw."),
        ([0.0], "The gradient of the recurrent weights is exactly 0."),
        ([np.nan, 1.0], "The gradient of the recurrent weights is not a finite number."),
        ([np.inf], "The gradient of the recurrent weights is not a finite number."),
    ],
)
def test_finding(shares, said):
    from seqviz.figures import weight_contributions_figure

    assert weight_contributions_figure(record(shares)).layout.title.text == said
