"""Ratios are of paired timings, and the tail of a latency is its nearest-rank percentile."""

import gc

import pytest

from bench.measure import latency, ratio, reading_of


def busy(loops: int):
    return lambda: sum(range(loops))


def test_ratio_of_work_and_three_times_the_work_is_about_a_third():
    reading = ratio(busy(20_000), busy(60_000), rounds=11)
    assert 0.2 < reading.median < 0.5
    assert reading.count == 11


def test_latency_gives_milliseconds_with_a_tail():
    reading = latency(busy(20_000), count=20)
    assert 0 < reading.median <= reading.p95 < 1000


def test_reading_takes_the_nearest_rank():
    reading = reading_of(range(1, 101))
    assert (reading.median, reading.p95, reading.spread) == (50.5, 95, (25, 75))


def test_reading_of_one_value_is_that_value():
    assert reading_of([3.0]).p95 == 3.0


def test_garbage_collection_is_back_on_after_a_measurement_that_fails():
    with pytest.raises(ZeroDivisionError):
        ratio(lambda: 1 / 0, busy(1))
    assert gc.isenabled()
