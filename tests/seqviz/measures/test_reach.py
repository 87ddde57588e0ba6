"""What reaches the first step is compared with the last step that the loss depends on, sequence by sequence."""

import numpy as np
import pytest

from seqviz.measures.reach import reach
from seqviz.records import GradientFlow


def flow(*sequences, lengths=None):
    norms = np.array(sequences, dtype=float)[None, None]
    return GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=norms, lengths=lengths)


@pytest.mark.parametrize(
    ("sequences", "lengths", "direction", "expected"),
    [
        (([1, 2, 4],), None, 0, 0.25),
        (([1, 4, 0],), None, 0, 0.25),  # a loss that reads an earlier step
        (([1, 2, 4], [3, 9, 1], [5, 1, 10]), None, 0, 0.5),  # the median
        (([1, 2, 4], [1, 2, np.nan]), np.array([3, 2]), 0, 0.375),
        (([1, 0, 0], [0, 0, 0]), None, 0, np.nan),  # nothing has a step to travel
    ],
)
def test_reach(sequences, lengths, direction, expected):
    assert reach(flow(*sequences, lengths=lengths), direction=direction) == pytest.approx(expected, nan_ok=True)


def test_the_backward_direction_ends_at_the_last_step():
    norms = np.array([[[[9.0, 9.0]], [[4.0, 1.0]]]])
    both = GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=norms)
    assert reach(both, direction=1) == 0.25
