"""Ratios are of paired timings, and the tail of a latency is its nearest-rank percentile."""

import gc

import pytest

from bench.measure import latency, ratio, reading_of


class Clock:
    """A clock that only work moves."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def work(self, seconds):
        def done():
            self.now += seconds

        return done


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("bench.measure.perf_counter", clock)
    return clock


def test_ratio_is_how_many_times_as_long_the_first_takes(clock):
    reading = ratio(clock.work(0.003), clock.work(0.012), rounds=11)
    assert reading.median == pytest.approx(0.25)
    assert reading.count == 11


def test_ratio_is_of_neighbours_so_that_a_slow_moment_weighs_on_both(clock):
    slowness = iter([1.0] * 40 + [10.0] * 400)
    factor = {"now": 1.0}

    def first():
        factor["now"] = next(slowness)
        clock.now += 0.01 * factor["now"]

    def second():
        clock.now += 0.02 * factor["now"]

    assert ratio(first, second, rounds=21).median == pytest.approx(0.5)


def test_latency_gives_milliseconds_with_a_tail(clock):
    seconds = iter([1.0] * 3 + [0.010] * 19 + [0.500])  # three to warm up

    def work():
        clock.now += next(seconds)

    reading = latency(work, count=20)
    assert (reading.median, reading.p95) == (pytest.approx(10), pytest.approx(10))
    assert reading.count == 20


def test_reading_takes_the_nearest_rank():
    reading = reading_of(range(1, 101))
    assert (reading.median, reading.p95, reading.spread) == (50.5, 95, (25, 75))


def test_reading_of_one_value_is_that_value():
    assert reading_of([3.0]).p95 == 3.0


def test_garbage_collection_is_back_on_after_a_measurement_that_fails():
    with pytest.raises(ZeroDivisionError):
        ratio(lambda: 1 / 0, lambda: None)
    assert gc.isenabled()
