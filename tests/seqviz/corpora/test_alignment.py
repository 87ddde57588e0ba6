"""The alignment error rate is Och and Ney's, worked out by hand."""

import numpy as np
import pytest

from seqviz.corpora import alignment_error_rate, strongest_links
from seqviz.errors import TraceError

SURE = {(0, 0), (1, 1)}
POSSIBLE = {(0, 0), (1, 1), (2, 1), (2, 2)}


@pytest.mark.parametrize(
    ("found", "rate"),
    [
        ({(0, 0), (1, 1)}, 0.0),  # 1 - (2 + 2) / (2 + 2)
        ({(0, 0), (1, 1), (2, 2)}, 0.0),  # 1 - (2 + 3) / (3 + 2)
        ({(0, 0)}, 1 - 2 / 3),  # 1 - (1 + 1) / (1 + 2)
        ({(0, 0), (3, 3)}, 1 - 2 / 4),
        ({(2, 2), (2, 1)}, 1 - 2 / 4),  # 1 - (0 + 2) / (2 + 2)
        ({(5, 5)}, 1.0),
        (set(), 1.0),
    ],
)
def test_alignment_error_rate_matches_examples_worked_by_hand(found, rate):
    assert alignment_error_rate(found, SURE, POSSIBLE) == pytest.approx(rate)


def test_without_possible_links_only_the_sure_ones_are_right():
    assert alignment_error_rate({(0, 0), (2, 2)}, SURE) == pytest.approx(1 - 2 / 4)


def test_sure_links_are_possible_even_if_nobody_says_so():
    assert alignment_error_rate(SURE, SURE, {(9, 9)}) == 0.0


def test_a_link_one_position_off_is_wrong_exactly_and_right_within_one():
    shifted = {(1, 0), (2, 1)}
    assert alignment_error_rate(shifted, {(0, 0), (1, 1)}) == pytest.approx(1.0)
    assert alignment_error_rate(shifted, {(0, 0), (1, 1)}, within=1) == 0.0
    assert alignment_error_rate({(2, 0), (3, 1)}, {(0, 0), (1, 1)}, within=1) == 1.0


def test_within_one_position_means_positions_of_the_source_alone():
    assert alignment_error_rate({(0, 1)}, {(0, 0)}, within=1) == 1.0


def test_many_found_links_near_one_sure_link_do_not_count_as_many_sure_ones():
    assert 0 <= alignment_error_rate({(0, 0), (1, 0), (2, 0)}, {(1, 0)}, within=1) == pytest.approx(1 - (1 + 3) / 4)


def test_looser_is_never_worse():
    generator = np.random.default_rng(0)
    for _ in range(100):
        found, sure = ({tuple(map(int, pair)) for pair in generator.integers(0, 6, (5, 2))} for _ in range(2))
        rates = [alignment_error_rate(found, sure, within=within) for within in range(6)]
        assert rates == sorted(rates, reverse=True)
        assert all(0 <= rate <= 1 for rate in rates)


def test_nothing_found_and_nothing_to_find_has_no_rate():
    with pytest.raises(TraceError, match="at least one link"):
        alignment_error_rate([], [])


def test_strongest_links_take_the_first_of_equals_and_every_target_word():
    weights = np.array([[0.5, 0.5, 0.0], [0.1, 0.2, 0.7]])
    assert strongest_links(weights) == {(0, 0), (2, 1)}


def test_strongest_links_need_a_source_word():
    with pytest.raises(TraceError, match="source word"):
        strongest_links(np.zeros((2, 0)))
