"""A run that diverged is taken up before the step that ruined it."""

import numpy as np
import pytest

from seqviz.measures.recovery import last_good_step
from seqviz.records import Metrics


def metrics(loss, norm, first=1):
    count = len(loss)
    return Metrics(
        step=np.arange(first, first + count), loss=np.array(loss, float), metric=np.zeros(count),
        gradient_norm=np.array(norm, float), applied_norm=np.array(norm, float), clipped=np.zeros(count, bool),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("loss", "norm", "expected"),
    [
        ([1, 1, 1, 1, 1], [2, 2, 2, 2, 2], 4),  # the next step was the one that failed
        ([1, 1, 1, 1, 9e9], [2, 2, 2, 5e4, 8e18], 2),  # step 4 applied the gradient that ruined the weights
        ([1, 1, 1, 9e9], [2, 2, 2, 2], 2),
        ([1, 1, 1, 1, 1, 1, 1], [2, 2, 900, 2, 2, 2, 1e9], 5),  # an early spike was got over
        ([1, 3, 6, 45, 20, 600, 2e4, 6e5], [16, 20, 72, 111, 3e4, 280, 2e3, 2e4], 2),  # it grew from the first step on
        ([1], [1], 0),
        ([], [], 0),
    ],
)
def test_last_good_step_is_before_the_ruinous_update(loss, norm, expected):
    assert last_good_step(metrics(loss, norm)) == expected


def test_last_good_step_counts_as_the_run_does():
    assert last_good_step(metrics([1, 1, 1, 9e9], [2, 2, 2, 2], first=301)) == 302
