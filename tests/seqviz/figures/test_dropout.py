"""Every connection is drawn once, kept or dropped, and the title counts them."""

import numpy as np

from seqviz.figures.dropout import CLOSEST, MARGIN, dropout_figure, dropout_finding, narrowest
from seqviz.records import DropoutMasks


def masks(*, up=(), on=()):
    upward, onward = np.ones((1, 4, 3), bool), np.ones((2, 4, 3), bool)
    for place in up:
        upward[place] = False
    for place in on:
        onward[place] = False
    return DropoutMasks(upward=upward, onward=onward)


def named(drawn):
    return {trace.name: trace for trace in drawn.data if trace.name}


def test_every_connection_stands_once():
    drawn = named(dropout_figure(masks(up=[(0, 2, 1)], on=[(1, 3, 0), (0, 0, 0)])))
    assert len(drawn["kept"].x) + len(drawn["dropped"].x) == 12 + 2 * 3 * 3  # nothing comes before t = 0
    assert list(drawn["dropped"].customdata) == ["up to layer 2 at t = 2, unit 2", "layer 2, from t = 2 to t = 3, unit 1"]
    assert drawn["dropped"].marker.symbol != drawn["kept"].marker.symbol
    assert len(drawn["state"].x) == 8


def test_the_title_counts():
    assert dropout_finding(masks(up=[(0, 2, 1), (0, 0, 0), (0, 1, 1)])) == (
        "Dropped: 3 of 12 (25 %) between layers, none of 18 through time. Every unit keeps an unbroken way from t = 0 to t = 3."
    )
    said = dropout_finding(masks(on=[(0, 1, 0), (0, 2, 0), (1, 3, 2), (0, 0, 1)]))
    assert said.startswith("Dropped: none of 12 between layers, 3 of 18 (17 %) through time. 4 of 6 units keep an unbroken way")
    gone = dropout_finding(masks(on=[(layer, 1, unit) for layer in (0, 1) for unit in (0, 1, 2)]))
    assert "None of 6 units keeps an unbroken way" in gone
    assert dropout_finding(masks(), training=False) == "Outside training nothing is dropped: every connection is kept."


def test_a_network_of_one_layer_has_nothing_between_layers():
    one = DropoutMasks(upward=np.ones((0, 4, 3), bool), onward=np.ones((1, 4, 3), bool))
    assert dropout_finding(one).startswith("Dropped: none of 9 through time. Every unit keeps")
    assert len(named(dropout_figure(one))["kept"].x) == 9


def test_a_single_unit_and_a_single_layer_are_told_as_such():
    lost = DropoutMasks(upward=np.ones((0, 3, 1), bool), onward=np.zeros((1, 3, 1), bool))
    assert dropout_finding(lost, where="recurrent").endswith("The unit does not keep an unbroken way from t = 0 to t = 2.")
    one = DropoutMasks(upward=np.ones((0, 3, 1), bool), onward=np.ones((1, 3, 1), bool))
    assert dropout_finding(one, where="layers") == "A single layer has no connections between layers: nothing is dropped."


def test_no_mark_covers_its_neighbour_where_the_figure_is_narrowest():
    rng = np.random.default_rng(0)
    crowded = DropoutMasks(upward=rng.random((2, 12, 8)) < 0.5, onward=rng.random((3, 12, 8)) < 0.5)
    drawn = named(dropout_figure(crowded))
    wide, high = narrowest(crowded) - MARGIN["l"] - MARGIN["r"], drawn_height(crowded) - MARGIN["t"] - MARGIN["b"]
    x, y = (np.concatenate([getattr(drawn[name], axis) for name in ("kept", "dropped")]).astype(float) for axis in "xy")
    far = np.hypot((x[:, None] - x) * wide / 12, (y[:, None] - y) * high / 4.8)
    np.fill_diagonal(far, np.inf)
    assert far.min() >= CLOSEST - 0.1
    assert max(drawn["kept"].marker.size, drawn["dropped"].marker.size) <= far.min() + 0.1


def drawn_height(record):
    return dropout_figure(record).layout.height
