"""Moments span a run, and their weights stay within their bytes."""

import pytest

from seqviz.store import kept_snapshots, moments


@pytest.mark.parametrize(("first", "last"), [(0, 1), (0, 7), (0, 500), (0, 100_000), (300, 301), (300, 5000)])
def test_moments_span_the_run_and_never_outnumber_what_is_allowed(first, last):
    steps = moments(first, last, 60)

    assert steps[0] == first
    assert steps[-1] == last
    assert list(steps) == sorted(set(steps))
    assert len(steps) <= 60


def test_snapshots_stay_within_their_bytes():
    steps = moments(0, 2000, 60)

    for weight_bytes in (1, 1000, 100_000, 3_000_000, 10_000_000):
        kept = kept_snapshots(steps, weight_bytes, 6_000_000)
        assert len(kept) * weight_bytes <= 6_000_000
        assert set(kept) <= set(steps)
