"""Draws follow from seed and width alone; the typical gradient vanishes with width only where nothing is divided."""

import numpy as np

from seqviz.experiment.scaling import WIDTHS, RandomAttention
from seqviz.lab.scaling import trace_scaling
from seqviz.records import PLAIN, SCALED


def test_the_same_subject_gives_the_same_numbers_and_another_seed_or_width_others():
    first, again = (trace_scaling(RandomAttention(width=8, keys=4)) for _ in range(2))
    np.testing.assert_array_equal(first.scores, again.scores)
    assert not np.allclose(first.scores, trace_scaling(RandomAttention(width=8, keys=4, seed=1)).scores)
    seen = {
        float(trace_scaling(RandomAttention(width=width, keys=4, seed=seed)).scores[0, 0, 0])
        for width in (1, 1024)
        for seed in range(3)
    }
    assert len(seen) == 6


def test_every_number_of_keys_gives_about_as_many_queries():
    for keys in (2, 3, 100, 128):
        scores = trace_scaling(RandomAttention(width=2, keys=keys)).scores
        assert scores.shape[1:] == (keys, keys)
        assert 190 <= scores.shape[0] * keys <= 256


def test_the_typical_gradient_vanishes_with_width_unless_scores_are_divided():
    found = [trace_scaling(RandomAttention(width=width, keys=16)) for width in WIDTHS]
    medians = np.array([np.median(record.softmax_gradients, axis=(1, 2)) for record in found])
    assert medians[-1, PLAIN] < 0.01 * medians[0, PLAIN]
    assert 0.5 < medians[-1, SCALED] / medians[0, SCALED] < 2
    largest = np.array([record.largest.mean(axis=(1, 2)) for record in found])
    assert largest[-1, PLAIN] > 0.9
    assert largest[-1, SCALED] < 0.4
