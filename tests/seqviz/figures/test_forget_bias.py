"""Figures of the gradient's reach draw the record's numbers, and their titles are true of them."""

import numpy as np
import pytest

from seqviz.figures.forget_bias import bias_figure, bias_finding, distance_figure, reach_map_figure, rising_finding
from seqviz.records import ForgetBiasReach

BIASES = np.arange(-2.0, 6.25, 0.25)


def record(shares, *, alone=False):
    return ForgetBiasReach(biases=BIASES, distances=np.arange(1.0, shares.shape[2] + 1), shares=shares, gates_alone=alone)


def products(seeds=1, length=10):
    gates = 1 / (1 + np.exp(-BIASES))
    return np.repeat((gates[:, None] ** np.arange(1, length + 1))[None], seeds, axis=0)


def finding(figure):
    return figure.layout.meta["finding"]


def test_the_map_tells_the_shares_at_its_distance():
    drawn = reach_map_figure(record(products()), bias=1.0, distance=10)
    gates = 1 / (1 + np.exp(-np.array([0.0, 1, 3, 5])))
    assert finding(drawn).startswith(
        "Over 10 steps, the gradient at step 0 is 9.8·10⁻⁴ times that at the last step with bias 0, "
    )
    assert f"and {gates[3] ** 10:.2g} times with bias 5." in finding(drawn)
    np.testing.assert_allclose(drawn.data[0].customdata, products()[0], rtol=1e-6)


def test_a_slice_by_distance_shows_every_seeds_range_and_the_product():
    shares = products(seeds=3) * np.array([0.5, 1.0, 2.0])[:, None, None]
    drawn = distance_figure(record(shares), 1.0)
    place = list(BIASES).index(1.0)
    curves = {trace.name: trace for trace in drawn.data}
    np.testing.assert_allclose(curves["median of 3 seeds"].y, shares[1, place])
    np.testing.assert_allclose(curves["σ(bias)^T"].y, products()[0, place])
    np.testing.assert_allclose(curves["their range"].y[:10], shares[2, place])
    assert "(median of 3 seeds); σ(1)^10 alone would be" in finding(drawn)


def test_where_gates_stand_alone_the_title_says_that_it_is_the_product():
    assert "which is σ(1)^10: the gates depend on the bias alone" in finding(
        distance_figure(record(products(), alone=True), 1.0)
    )


def test_monotone_is_said_only_where_it_is():
    assert "all the way from -2 to 6" in bias_finding(record(products()), 10)
    falling = products()
    falling[:, -4:] = falling[:, -5:-4] * np.array([0.9, 0.8, 0.7, 0.6])[None, :, None]
    said = bias_finding(record(falling), 10)
    assert "more bias is not always more gradient: it is largest, " in said
    assert f"times that at the last step, with bias {BIASES[-5]:g}, and " in said
    assert (
        rising_finding(record(falling)) == "At 0 of the 10 distances drawn, more bias always lets more of the gradient through."
    )
    assert rising_finding(record(products())).startswith("At all of the 10 distances drawn")


def test_a_dip_on_the_way_is_told():
    dipping = products()
    dipping[:, 3] = dipping[:, 2] / 2
    assert "on the way to " in bias_finding(record(dipping), 10)
    assert bias_finding(record(dipping), 10).endswith(" with bias 6, it falls once.")


@pytest.mark.parametrize("distance", [1, 10])
def test_a_slice_by_bias_has_a_point_for_each(distance):
    drawn = bias_figure(record(products(seeds=2)), distance)
    np.testing.assert_allclose(drawn.data[1].y, products()[0, :, distance - 1])
