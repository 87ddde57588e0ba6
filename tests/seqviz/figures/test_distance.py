"""What the figures of distance say is true of the records they draw."""

import numpy as np
import pytest

from seqviz.figures.distance import (
    distance_figure,
    distance_finding,
    own_step,
    slope,
    times_figure,
    times_finding,
    waiting,
    waiting_figure,
)
from seqviz.records import DistantGradient, LengthTimes

TITLES = {"rnn": "RNN", "causal": "Transformer"}


def gradient(norms, first=0):
    norms = np.atleast_2d(np.array(norms, dtype=float))
    return DistantGradient(distances=np.arange(first, first + norms.shape[1]), norms=norms)


def timed(length, **milliseconds):
    return LengthTimes(
        length=length, seconds={name: np.array([value] * 3) / 1000 for name, value in milliseconds.items()}, machine="here"
    )


def test_the_title_compares_the_furthest_with_one_step_back():
    found = {"rnn": gradient([4.0, 2.0, 2e-8]), "causal": gradient([4.0, 0.04, 0.04])}
    said = "From 1 step back to 2, the gradient at the input shrinks to 10⁻⁸ in the RNN, and keeps its size in the Transformer."
    assert distance_finding(found, TITLES) == said
    assert own_step(found, TITLES) == (
        "One step back, of the gradient at the loss’s own step there is 0.5 in the RNN and 0.01 in the Transformer."
    )


def test_of_what_is_written_next_the_nearest_step_is_one_back():
    found = {"rnn": gradient([2.0, 2.0, 1.0], first=1)}
    assert distance_finding(found, TITLES).startswith("From 1 step back to 3, the gradient at the input shrinks to 0.5")
    assert own_step(found, TITLES) == ""


def test_the_lines_are_medians_of_shares_and_the_bands_their_range():
    record = gradient([[1.0, 0.5, 0.1], [2.0, 0.2, 0.2], [1.0, 0.9, 0.3]])
    drawn = distance_figure({"rnn": record}, TITLES)
    band, line = drawn.data[:2]
    assert line.y.tolist() == pytest.approx([1.0, 0.5, 0.1])
    assert list(band.y[:3]) == pytest.approx([1.0, 0.9, 0.3])
    assert list(band.y[3:]) == pytest.approx([0.1, 0.1, 1.0])


def test_a_gradient_of_zero_is_marked_not_dropped():
    drawn = distance_figure({"rnn": gradient([1.0, 0.5, 0.0])}, TITLES)
    assert any("0, below any log axis" in str(trace.name) for trace in drawn.data)
    assert "vanishes to exactly 0" in drawn.layout.title.text


def test_times_tell_who_is_quickest_where_and_how_each_grows():
    found = [timed(length, rnn=length / 10, causal=length**2 / 1000) for length in (16, 64, 256, 512)]
    assert [slope(found, name) for name in ("rnn", "causal")] == pytest.approx([1, 2])
    assert times_finding(found, TITLES) == (
        "Measured here: the quickest is the Transformer at T = 16 to 64 and the RNN at T = 256 to 512. "
        "From T = 64 to 512 time grows as T^1.0 (RNN) and T^2.0 (Transformer)."
    )
    assert "the RNN is the quickest at every length" in times_finding(found[2:], TITLES)
    assert "grows as" not in times_finding(found[2:], TITLES)


def test_every_run_is_a_dot_and_the_median_a_line():
    found = [LengthTimes(length=16, seconds={"rnn": np.array([0.001, 0.005, 0.002])}, machine="here")]
    dots, line = times_figure(found, {"rnn": "RNN"}).data
    assert list(dots.y) == pytest.approx([1, 5, 2])
    assert list(line.y) == pytest.approx([2])


def test_what_waits_is_the_longest_path_through_the_unrolled_network():
    """Counted on the graph itself: layer l at time t needs layer l at t - 1 and layer l - 1 at t."""
    depth = {}
    for time in range(12):
        for layer in range(3):
            depth[layer, time] = 1 + max(depth.get((layer, time - 1), 0), depth.get((layer - 1, time), 0))
    assert waiting(12, 3, "gru") == max(depth.values())
    assert waiting(12, 3, "causal") == 3
    said = waiting_figure([16, 32], 3, TITLES).layout.title.text
    assert said == "At T = 32, 34 states wait for one another in a recurrent network of 3 layers; in the Transformer, 3."
