"""What the chart of costs says is true of the numbers it draws, whichever are compared and counted."""

import numpy as np
import pytest
from plotlytext import HOSTILE, stands_as_it_is

from seqviz.figures.cost import ALONE, DAYS, OPERATIONS, RANGED, UNCOUNTED, cost_figure, cost_finding
from seqviz.records import TrainingCost

DAY = 86_400


def cost(seconds, operations=None, name="run"):
    counted = None if operations is None else (operations, operations)
    return TrainingCost(name=name, device="worker", days=(seconds / DAY, seconds / DAY), operations=counted)


SHIPPED = [cost(60, 1e12), cost(240)]


def trace(figure, name):
    return next(each for each in figure.data if each.name == name)


def test_marks_stand_where_the_slide_has_them():
    figure = cost_figure(SHIPPED, [])
    assert list(trace(figure, "TPU").x) == [2048, 256]
    assert list(trace(figure, "TPU").y) == ["GPT-2<br>Feb 2019", "BERT<br>Oct 2018"]
    gpu = trace(figure, "GPU")
    assert gpu.x == pytest.approx([np.sqrt(320 * 560), 240, 1])
    assert gpu.marker.size == (RANGED, ALONE, ALONE)
    assert [each.x for each in figure.data if "range" in each.name] == [(320, 560)]
    assert trace(figure, "worker of this app").x == pytest.approx([60 / DAY, 240 / DAY])
    assert trace(figure, "all of a row together").x == pytest.approx([300 / DAY])
    assert [each.text for each in figure.layout.annotations] == ["nothing yet"]


@pytest.mark.parametrize(
    ("shipped", "own", "against", "count", "told"),
    [
        (SHIPPED, [], "gpt2", DAYS, "2,048 TPU days (5.6 years of one): 590,000 times as long as the 2 runs that came with"),
        (SHIPPED, [cost(12)], "gpt2", DAYS, "1.5·10⁷ times as long as the run that you trained here (12 s)."),
        (SHIPPED, [cost(DAY), cost(DAY)], "ulmfit", DAYS, "0.5 times as long as the 2 runs that you trained here (2 d"),
        (SHIPPED, [], "bert", DAYS, ": 74,000 times as long as the 2 runs that came with this app (5 min in all)."),
        (SHIPPED, [], "gpt", OPERATIONS, "8.3·10⁷ times as many as the run that came with this app and that can be counted"),
        (SHIPPED, [cost(1, 1e10)], "bert", OPERATIONS, "8.7·10⁹ to 2.6·10¹⁰ times as many as the run that you trained here"),
        (SHIPPED, [], "gpt2", OPERATIONS, "How many operations GPT-2's training took is not known: its paper does not give"),
        ([], [], "gpt", DAYS, "GPT's training took 240 GPU days."),
    ],
)  # fmt: skip
def test_the_title_compares_with_what_was_trained_here(shipped, own, against, count, told):
    assert told in cost_finding(shipped, own, against=against, count=count)


def test_what_cannot_be_counted_is_named_and_not_drawn():
    figure = cost_figure(SHIPPED, [cost(5)], count=OPERATIONS)
    assert {each.y: each.text for each in figure.layout.annotations} == {
        "you, here": UNCOUNTED, "GPT-2<br>Feb 2019": "unknown: its paper does not give the tokens read",
        "ULMFiT<br>Jan 2018": "unknown: its sources do not give the tokens read",
    }  # fmt: skip
    assert list(trace(figure, "worker of this app").x) == pytest.approx([1e12])
    assert [each.text for each in cost_figure(SHIPPED, [], count=OPERATIONS).layout.annotations].count("nothing yet") == 1


def test_hovering_gives_value_and_source():
    said = trace(cost_figure([], []), "GPU").customdata
    assert said[0] == "BERT: 320 days to 560 days of a GPU<br>the slide: ~320–560 GPU days"
    assert said[2] == "ULMFiT: 1 day of a GPU<br>the slide: 1 GPU day"


def test_what_somebody_called_a_run_stands_as_it_is_under_the_pointer():
    assert stands_as_it_is(cost_figure(SHIPPED, [cost(5, name=HOSTILE)]))
