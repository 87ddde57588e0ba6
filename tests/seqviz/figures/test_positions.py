"""The pictures of positions are what the network adds, and what is said of them is so."""

import math
from dataclasses import replace

import numpy as np
from tinytransformer import network, reading

from seqviz.figures.positions import position_products_figure, positions_figure, positions_finding, products_finding
from seqviz.language.words import number
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
    assert "of the others, 9 comes nearest: 3.78. " in products_finding(record)  # 6 on, nearly a period; 6 back is none
    inside = replace(record, position=9, place=record.places[9])
    assert "of the others, 4 and 16 come equally near: 3.78. " in products_finding(inside)
    assert f"4 pairs of sine and cosine, the fastest with a period of {2 * math.pi:.3g}" in positions_finding(record)


def test_of_learned_positions_it_does_not():
    record = walked(positions="learned", learned_positions=6)
    assert "learned as weights are" in positions_finding(record)
    assert products_finding(record).endswith("the same distance gives another product.")
    others = np.delete(record.places @ record.places[2], 2)
    assert f"comes nearest: {number(others.max(), 3)}." in products_finding(record)


def test_of_many_positions_equally_near_their_number_is_told():
    record = walked()
    alike = replace(record, places=np.ones_like(record.places), place=np.ones_like(record.place))
    assert f"of the others, {len(record.places) - 1} come equally near: 8." in products_finding(alike)


def test_a_single_learned_position_has_no_other():
    record = walk_token(
        network(positions="learned", learned_positions=1), reading(given=("<eos>",), sentence=("le",)), "encoder", 0
    )
    assert products_finding(record).endswith("with itself; there is no other.")
    assert len(position_products_figure(record).data[0].y) == 1
