"""What the figures of trained heads say is true of the numbers they draw."""

import re

import pytest

from seqviz.answers.scaling import answer_scaling
from seqviz.figures.head_scaling import head_gradients_figure, head_scores_figure, head_weights_figure
from seqviz.records import PLAIN, SCALED, HeadScaling
from seqviz.subjects.scaling import RandomAttention


@pytest.fixture(scope="module")
def record():
    heads = [answer_scaling(RandomAttention(width=16, keys=8, seed=seed)) for seed in range(4)]
    return HeadScaling(layers=((heads[0], heads[1]), (heads[2], heads[3])))


def numbers(said):
    return [float(each) for each in re.findall(r"\d+(?:\.\d+)?", said)]


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
