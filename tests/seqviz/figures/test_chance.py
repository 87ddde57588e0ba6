"""Wilson's interval solves its own equation: the count is 1.96 deviations from each end."""

import math

import pytest

from seqviz.figures.chance import NORMAL_95, wilson_interval


@pytest.mark.parametrize(("right", "of"), [(1, 3), (9, 10), (43, 50), (250, 500)])
def test_ends_are_as_far_from_the_counted_share_as_chance_goes(right, of):
    for end in wilson_interval(right, of):
        assert abs(right / of - end) == pytest.approx(NORMAL_95 * math.sqrt(end * (1 - end) / of))


def test_none_and_all_reach_the_edge_and_nothing_counted_says_nothing():
    assert wilson_interval(0, 20)[0] == 0
    assert wilson_interval(20, 20)[1] == 1
    assert wilson_interval(0, 20)[1] == pytest.approx(1 - wilson_interval(20, 20)[0])
    assert wilson_interval(0, 0) == (0, 1)
