"""What is said of one token's way and of its position is true of its record, in every turn that it can take."""

import math
from dataclasses import replace

import numpy as np
import pytest
from plotlytext import HOSTILE, stands_as_it_is
from tinytransformer import network, reading

from seqviz.figures.look import literal
from seqviz.figures.walk import (
    lens_figure,
    lens_finding,
    position_products_figure,
    positions_figure,
    positions_finding,
    products_finding,
    stage_names,
    walk_finding,
)
from seqviz.language.words import number
from seqviz.records.walk import Lens
from seqviz.tracing.walk import walk_token


@pytest.fixture(scope="module")
def record():
    return walk_token(network(), reading(), "decoder", 2)


def seen(record, due, words, likeliest=None):
    """The record with another lens: ``words`` are the likeliest, which have ``likeliest`` or what is due."""
    lens = Lens(due=np.array(due), words=tuple(words), likeliest=np.array(likeliest or due))
    return replace(record, next=replace(record.next, lens=lens))


LATE = [0.01, 0.02, 0.05, 0.1, 0.2, 0.9987, 0.99]


def test_it_tells_where_the_next_word_becomes_the_likeliest_and_stays_so(record):
    words = ["cat", "now", "now", "now", "now", "cat", "cat"]  # first by chance, then for good
    assert walk_finding(seen(record, LATE, words)) == (
        "After “black”, “cat” becomes the likeliest next word for good in layer 2 cross-attention: "
        "0.2 before it, over 0.99 behind it, 0.99 at the end."
    )


def test_it_tells_a_word_that_is_the_likeliest_only_at_the_end_once(record):
    said = walk_finding(seen(record, LATE, ["now"] * 6 + ["cat"]))
    assert said.endswith("becomes the likeliest next word in layer 2 feed-forward: over 0.99 before it, 0.99 behind it.")


def test_it_tells_a_word_that_is_the_likeliest_from_the_start(record):
    assert "“cat” is the likeliest next word from the start: 0.01 there, 0.99" in walk_finding(seen(record, LATE, ["cat"] * 7))


def test_it_tells_which_word_wins_instead(record):
    said = walk_finding(seen(record, [0.1] * 7, ["cat"] * 6 + ["now"], [0.6] * 7))
    assert said == "After “black” comes “cat”, but the network finds “now” likelier: 0.6 against 0.1."


def test_the_largest_change_is_told_with_its_direction(record):
    assert lens_finding(seen(record, LATE, ["cat"] * 7)) == (
        "Layer 2 cross-attention raises the probability of “cat” the most: from 0.2 to over 0.99."
    )
    falling = lens_finding(seen(record, LATE[::-1], ["cat"] * 7))
    assert falling == "Layer 1 cross-attention lowers the probability of “cat” the most: from over 0.99 to 0.2."


def test_a_probability_that_nothing_changes_is_told_so(record):
    assert lens_finding(seen(record, [0.25] * 7, ["cat"] * 7)) == "No block changes the probability of “cat”, 0.25."


def test_the_curves_are_the_lens(record):
    drawn = {trace.name: trace for trace in lens_figure(record).data}
    np.testing.assert_array_equal(drawn["the word that comes next"].y, record.next.lens.due)
    np.testing.assert_array_equal(drawn["the likeliest word"].y, record.next.lens.likeliest)
    assert list(drawn["the likeliest word"].customdata) == [literal(word) for word in record.next.lens.words]
    assert list(drawn["the likeliest word"].x) == stage_names(record)
    assert len(stage_names(record)) == 7
    assert stage_names(record)[0] == "word + position"
    assert stage_names(replace(record, positions="none"))[0] == "word"  # nothing is added


def test_words_stand_as_they_are_under_the_pointer(record):
    assert stands_as_it_is(lens_figure(seen(record, [0.25] * 7, [HOSTILE] * 7)))


def test_of_a_word_that_is_read_it_tells_the_hardest_look():
    walk = walk_token(network(), reading(), "encoder", 1)
    looks = [one.look.weights for one in walk.sublayers if one.look is not None]
    hardest = max(weights.max() for weights in looks)
    layer = next(at for at, weights in enumerate(looks) if weights.max() == hardest)
    head, key = np.unravel_index(looks[layer].argmax(), looks[layer].shape)
    said = walk_finding(walk)
    assert said.startswith(f"“chat” looks hardest at “{walk.source[key]}” ({hardest:.2g}, layer {layer + 1}, head {head + 1});")


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
