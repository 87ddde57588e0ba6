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
    waiting_finding,
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
        "From T = 64 to 512 time grows as T¹ (RNN) and T² (Transformer)."
    )
    assert "the RNN is the quickest at every length" in times_finding(found[2:], TITLES)
    assert "grows as" not in times_finding(found[2:], TITLES)


def test_every_run_is_a_dot_and_the_median_a_line():
    found = [LengthTimes(length=16, seconds={"rnn": np.array([0.001, 0.005, 0.002])}, machine="here")]
    dots, line = times_figure(found, {"rnn": "RNN"}).data
    assert list(dots.y) == pytest.approx([1, 5, 2])
    assert list(line.y) == pytest.approx([2])


@pytest.mark.parametrize("name", ["gru", "causal", "none", "additive", "transformer"])
@pytest.mark.parametrize("layers", [1, 3])
def test_what_waits_is_the_longest_path_through_the_unrolled_network(name, layers):
    """Counted on the graph itself: which states each state needs, one after another."""
    length, depth = 12, {}

    def state(at, *needed):
        depth[at] = 1 + max((depth[one] for one in needed if one in depth), default=0)

    chained = name in ("gru", "none", "additive")
    for time in range(length):
        for layer in range(layers):
            below = [("read", layer - 1, seen) for seen in range(time + 1 if name == "causal" else length)]
            state(("read", layer, time), *([("read", layer, time - 1), ("read", layer - 1, time)] if chained else below))
    ends = [("read", layer, length - 1) for layer in range(layers)]
    for time in range(length if name in ("none", "additive", "transformer") else 0):
        for layer in range(layers):
            before = ("written", layer, time - 1) if time else ends[layer]
            looks = [("written", layers - 1, time - 1), ends[-1]] if name == "additive" and not layer else []
            below = [("written", layer - 1, seen) for seen in range(time + 1)]
            state(
                ("written", layer, time), *([before, ("written", layer - 1, time), *looks] if chained else [*below, ends[-1]])
            )
    assert waiting(length, layers, name) == max(depth.values())
    assert waiting(np.array([length, 5]), layers, name)[0] == max(depth.values())


def test_the_title_of_what_waits_puts_alike_together():
    said = waiting_figure([16, 1000], 3, TITLES).layout.title.text
    assert said == "At T = 1000, 1,002 states wait for one another in the RNN; 3 in the Transformer."
    assert waiting_finding(10, 1, {"none": "GRU", "additive": "GRU that looks", "transformer": "Transformer"}) == (
        "At T = 10, 20 states wait for one another in the GRU and GRU that looks; 2 in the Transformer."
    )


def test_one_length_alone_is_no_rule():
    assert times_finding([timed(16, rnn=1.234, causal=2)], TITLES).endswith("the RNN is the quickest at T = 16, in 1.23 ms.")
