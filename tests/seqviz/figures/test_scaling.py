"""What the figures of scaled attention say is true of the numbers they draw, at every width and for every trained head."""

import re

import numpy as np
import pytest

from seqviz.answers.scaling import answer_scaling
from seqviz.figures.scaling import (
    entropy_figure,
    head_gradients_figure,
    head_scores_figure,
    head_weights_figure,
    largest_figure,
    query_gradient_figure,
    scores_figure,
    softmax_gradient_figure,
    variance_figure,
)
from seqviz.records import PLAIN, SCALED, HeadScaling
from seqviz.subjects.scaling import RandomAttention

OVER_WIDTHS = (variance_figure, largest_figure, entropy_figure, softmax_gradient_figure, query_gradient_figure)


@pytest.fixture(scope="module")
def records():
    return [answer_scaling(RandomAttention(width=width, keys=8)) for width in (1, 2, 16, 100, 1024)]


def numbers(said):
    return [float(each) for each in re.findall(r"\d+(?:\.\d+)?", said)]


def trace(figure, name):
    return next(each for each in figure.data if each.name == name)


def test_the_histogram_counts_every_score_within_its_reach(records):
    for record in records:
        figure = scores_figure(record)
        reach = (4 + 1 / 8) * np.sqrt(record.width)
        assert sum(trace(figure, "q·k").customdata) == (np.abs(record.scores) <= reach).sum()
        assert len(figure.data) == (2 if record.width == 1 else 4)


def test_histogram_and_normal_curve_enclose_the_same_area(records):
    figure = scores_figure(records[-1])
    for name, curve in (("q·k", "normal, variance 1024"), ("q·k ÷ √dₖ", "normal, variance 1")):
        bars, line = trace(figure, name), trace(figure, curve)
        assert np.trapezoid(bars.y, bars.x) == pytest.approx(np.trapezoid(line.y, line.x), rel=0.01)


@pytest.mark.parametrize("index", [1, 4])
def test_titles_tell_the_numbers_of_the_chosen_width(records, index):
    record = records[index]
    said = numbers(variance_figure(records, record.width).layout.title.text)
    away = abs(record.variances[PLAIN] - record.width) / record.standard_error
    assert said == pytest.approx(
        [record.width, record.variances[PLAIN], away, record.width, record.variances[SCALED]], rel=0.005, abs=0.05
    )
    said = numbers(largest_figure(records, record.width).layout.title.text)
    assert said == pytest.approx(
        [record.width, 100 * record.largest[PLAIN].mean(), 8, 100 * record.largest[SCALED].mean()], abs=0.5
    )
    said = numbers(entropy_figure(records, record.width).layout.title.text)
    assert said == pytest.approx([record.width, record.entropy[PLAIN].mean(), 3, record.entropy[SCALED].mean()], rel=0.01)


def test_gradient_titles_tell_medians_and_means(records):
    said = numbers(query_gradient_figure(records, 16).layout.title.text)
    held = records[2].query_gradients
    expected = [16, np.median(held[PLAIN]), np.median(held[SCALED]), held[PLAIN].mean(), held[SCALED].mean()]
    assert said == pytest.approx(expected, rel=0.05)


def test_where_nothing_is_divided_no_title_says_it_is(records):
    for draw in OVER_WIDTHS:
        assert "divided" not in draw(records, 1).layout.title.text
    assert "divides nothing" in scores_figure(records[0]).layout.title.text


def test_the_chosen_width_is_the_largest_mark(records):
    for draw in OVER_WIDTHS:
        sizes = [each.marker.size for each in draw(records, 100).data if isinstance(each.marker.size, tuple)]
        assert sizes
        assert all(np.argmax(size) == 3 for size in sizes)


@pytest.fixture(scope="module")
def record():
    heads = [answer_scaling(RandomAttention(width=16, keys=8, seed=seed)) for seed in range(4)]
    return HeadScaling(layers=((heads[0], heads[1]), (heads[2], heads[3])))


def test_scores_are_drawn_head_by_head_on_the_lines_of_random_ones(record):
    figure = head_scores_figure(record)
    *lines, plain, scaled = figure.data
    assert [line.y[0] for line in lines] == [16, 1]
    assert list(plain.x) == ["1.1", "1.2", "2.1", "2.2"] == list(figure.data[0].x)
    found = [head.variances for head in record.heads.values()]
    assert list(plain.y) == [each[PLAIN] for each in found]
    assert list(scaled.y) == [each[SCALED] for each in found]
    said = numbers(figure.layout.title.text)
    assert said == pytest.approx([16, min(plain.y), max(plain.y), 16], rel=0.05)


def test_titles_tell_the_least_and_the_most_of_all_heads(record):
    plain, scaled = head_weights_figure(record).data
    said = numbers(head_weights_figure(record).layout.title.text)
    assert {*said} >= {round(100 * min(plain.y)), round(100 * max(plain.y)), 8, round(100 * min(scaled.y))}
    plain, scaled = head_gradients_figure(record).data
    said = numbers(head_gradients_figure(record).layout.title.text)
    for end in (min(plain.y), max(plain.y), min(scaled.y), max(scaled.y)):
        assert any(each == pytest.approx(end, rel=0.05) for each in said)


def test_one_head_is_told_as_one_number(record):
    alone = HeadScaling(layers=((record.layers[0][0],),))
    for draw in (head_scores_figure, head_gradients_figure):
        assert " to " not in draw(alone).layout.title.text
