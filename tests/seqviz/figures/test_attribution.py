"""What is said of attention beside gradients, forced attention and seeds is what the numbers say."""

from dataclasses import replace

import numpy as np
import pytest
from plotlytext import HOSTILE, stands_as_it_is

from seqviz.figures.attribution import (
    agreement_figure,
    alignment_map_figure,
    attention_figure,
    attention_range_figure,
    forced_figure,
    gradient_figure,
    mean_attention_figure,
    seed_distance,
)
from seqviz.records import Attribution, ForcedAttention, Translation

WORDS, WRITTEN = ("chat", "noir", "dort"), ("black", "cat", "<eos>")
WEIGHTS = np.array([[0.1, 0.8, 0.1], [0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])
PRODUCTS = np.array([[0.2, -0.9, 0.1], [1.0, 3.0, -0.5], [0.1, 0.2, -0.7]])
RECORD = Attribution(
    source=WORDS, written=WRITTEN, weights=WEIGHTS, products=PRODUCTS, log_probabilities=np.log([0.5, 0.9, 1.0]),
    uniform=ForcedAttention(distances=np.array([[0.9, 0.5, 0.1]]), log_probabilities=np.log([[0.1, 0.5, 0.9]])),
    permuted=ForcedAttention(
        distances=np.array([[0.2, 0.4, 0.6], [0.4, 0.4, 0.2], [0.9, 0.1, 0.3]]),
        log_probabilities=np.log([[0.5, 0.9, 1.0], [0.5, 0.9, 1.0], [0.1, 0.1, 0.1]]),
    ),
)  # fmt: skip


def title(figure):
    return figure.layout.title.text


def test_agreement_counts_the_rows_whose_strongest_word_is_the_same():
    figure = agreement_figure(RECORD)
    assert title(figure).startswith("Attention and gradient × input name the same strongest word in 2 of 3 rows; ")
    np.testing.assert_array_equal(figure.data[0].y, RECORD.agreement)
    assert f"τ is {np.median(RECORD.agreement):.2f}." in title(figure)


def test_where_no_word_has_an_order_it_is_said():
    flat = replace(RECORD, weights=np.full((3, 3), 1 / 3))
    assert title(agreement_figure(flat)).endswith("Kendall’s τ needs at least two words in some order.")


def test_maps_hold_weights_and_signed_products():
    np.testing.assert_allclose(attention_figure(RECORD).data[0].customdata, WEIGHTS, rtol=1e-6)
    np.testing.assert_allclose(gradient_figure(RECORD).data[0].customdata, PRODUCTS, rtol=1e-6)
    levels = gradient_figure(RECORD).data[0].z
    np.testing.assert_array_equal(levels, np.rint(RECORD.shares * 255).astype(np.uint8))
    assert "largest weight is 0.67 on average" in title(attention_figure(RECORD))


def test_forced_attention_is_told_by_probabilities_and_drawn_by_distances():
    figure = forced_figure(RECORD)
    assert title(figure) == (
        "The translation’s probability is 0.45; it falls to 0.045 under uniform attention, it stays 0.45 under permuted "
        "attention (median). Every word’s distribution moves."
    )
    np.testing.assert_allclose(figure.data[0].y, [0.4, 0.4, 0.3])
    np.testing.assert_allclose(figure.data[0].error_y.array, [0.5, 0.0, 0.3])
    np.testing.assert_array_equal(figure.data[1].y, [0.9, 0.5, 0.1])


def test_a_probability_may_also_rise():
    risen = replace(RECORD, log_probabilities=np.log([0.01, 0.9, 1.0]))
    assert "rises to 0.045 under uniform" in title(forced_figure(risen))


def test_words_that_hardly_move_are_named():
    still = replace(RECORD.uniform, distances=np.array([[0.05, 0.5, 0.01]]))
    turned = replace(RECORD.permuted, distances=np.array([[0.02, 0.4, 0.6], [0.01, 0.4, 0.02], [0.9, 0.1, 0.03]]))
    assert title(forced_figure(replace(RECORD, uniform=still, permuted=turned))).endswith(
        "What hardly moves, in the median: “black” and “<eos>”."
    )


SEEDS = np.stack([WEIGHTS, WEIGHTS[[0, 2, 2]]])


def test_seeds_are_compared_row_by_row():
    assert "all look most at the same word in 2 of 3 rows" in title(mean_attention_figure(SEEDS, WORDS, WRITTEN))
    apart = np.abs(WEIGHTS[1] - WEIGHTS[2]).sum() / 2 / 3
    assert seed_distance(SEEDS) == pytest.approx(apart)
    assert seed_distance(SEEDS[:1]) == 0


def test_the_widest_range_over_seeds_is_named():
    figure = attention_range_figure(SEEDS, WORDS, WRITTEN)
    assert title(figure).startswith("Range over seeds: “cat” gives “dort” between 0.10 and 0.60")
    np.testing.assert_allclose(figure.data[0].customdata, np.ptp(SEEDS, axis=0), rtol=1e-6)


def test_a_map_marks_the_right_links_and_says_the_error_rate():
    record = Translation(
        source=WORDS, known=np.ones(3, bool), written=WRITTEN, given=np.ones(3, bool), log_probabilities=np.zeros(3),
        scores=np.zeros((3, 3)), weights=WEIGHTS, contexts=np.zeros((3, 4)), combined=np.zeros((3, 6)),
        alternatives=((), (), ()), moved=np.zeros(3, bool), handed=4, bidirectional=True, looks_before=True,
    )  # fmt: skip
    figure = alignment_map_figure(record, {(1, 0), (2, 1)}, "Dot")
    assert title(figure) == "Dot: alignment error rate 0.5, 0.5 within one position."
    assert list(figure.data[-1].x) == [1, 2]
    assert list(figure.data[-1].y) == [0, 1]
    assert figure.data[0].z.shape == (2, 3)


def test_words_stand_as_they_are_on_axes_and_under_the_pointer():
    one = replace(RECORD, source=(HOSTILE, "b", "c"), written=(HOSTILE, "y", "<eos>"))
    assert all(map(stands_as_it_is, (attention_figure(one), agreement_figure(one), forced_figure(one))))
