"""The pictures of positions are what the network adds, and what is said of them is so."""

import math

import numpy as np
from tinytransformer import network, reading

from seqviz.figures.positions import position_products_figure, positions_figure, positions_finding, products_finding
from seqviz.figures.words import number
from seqviz.tracing.walk import walk_token


def walked(**settings):
    return walk_token(network(**settings), reading(), "encoder", 2)


def test_the_heat_map_is_what_is_added_with_the_tokens_row_marked():
    record = walked()
    drawn = positions_figure(record)
    np.testing.assert_allclose(drawn.data[0].customdata, record.places, atol=1e-7)
    assert list(drawn.data[0].y[:3]) == [1, 2, 3]
    assert min(drawn.data[-1].y) == 2.5
    assert max(drawn.data[-1].y) == 3.5


def test_products_are_by_distance():
    record = walked()
    (curve,) = position_products_figure(record).data
    np.testing.assert_allclose(curve.y, record.places @ record.places[2], atol=1e-12)
    assert curve.x[2] == 0
    assert curve.y[2] == max(curve.y)


def test_of_sinusoids_the_distance_alone_counts():
    record = walked()
    assert products_finding(record).endswith("Only the distance counts, not the place.")
    assert f"4 pairs of sine and cosine, the fastest with a period of {2 * math.pi:.3g}" in positions_finding(record)


def test_of_learned_positions_it_does_not():
    record = walked(positions="learned", learned_positions=6)
    assert "learned as weights are" in positions_finding(record)
    assert products_finding(record).endswith("the same distance gives another product.")
    others = np.delete(record.places @ record.places[2], 2)
    assert f"comes nearest: {number(others.max(), 3)}." in products_finding(record)


def test_a_single_learned_position_has_no_other():
    record = walk_token(
        network(positions="learned", learned_positions=1), reading(given=("<eos>",), sentence=("le",)), "encoder", 0
    )
    assert products_finding(record).endswith("with itself; there is no other.")
    assert len(position_products_figure(record).data[0].y) == 1
