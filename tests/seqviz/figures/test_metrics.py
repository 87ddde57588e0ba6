"""Training figures lose no spike, mark what is not finite, and say how far a run is."""

import numpy as np


def metrics(losses):
    from seqviz.records import Metrics

    losses = np.asarray(losses, dtype=float)
    count = len(losses)
    return Metrics(
        step=np.arange(1, count + 1), loss=losses, metric=losses / 2, gradient_norm=losses * 10,
        applied_norm=np.minimum(losses * 10, 1.0), clipped=losses > 0.1,
    )  # fmt: skip


def test_metrics_figure_overlays_runs_each_in_its_own_colour():
    from seqviz.figures import metrics_figure
    from seqviz.figures.look import hue

    figure = metrics_figure({"rnn": metrics([1.0, 0.5]), "lstm": metrics([1.0, 0.25])})
    assert [list(trace.y) for trace in figure.data] == [[1.0, 0.5], [1.0, 0.25]]
    assert [trace.line.color for trace in figure.data] == [hue("rnn"), hue("lstm")]
    assert figure.layout.title.text == "Loss after 2 steps: RNN 0.5 and LSTM 0.25."


def test_metrics_finding_counts_steps_run_by_run_where_they_differ():
    from seqviz.figures import metrics_figure

    figure = metrics_figure({"one": metrics([1.0]), "two": metrics([1.0, 0.25])})
    assert figure.layout.title.text == "Loss: one 1 after 1 step and two 0.25 after 2 steps."


def test_gradient_norm_has_its_clipping_line():
    from seqviz.figures import metrics_figure

    figure = metrics_figure(metrics([1.0, 0.5]), "gradient_norm", threshold=2.5)
    assert figure.data[1].name == "clipped above 2.5"
    assert list(figure.data[1].y) == [2.5, 2.5]


def test_long_runs_are_thinned_without_losing_a_spike():
    from seqviz.figures import metrics_figure
    from seqviz.figures.metrics import MOST_POINTS

    losses = np.full(20_000, 0.5)
    losses[12_345], losses[777] = 99.0, 1e-4
    drawn = metrics_figure(metrics(losses)).data[0].y
    assert len(drawn) <= MOST_POINTS + 2
    assert drawn.max() == 99.0
    assert drawn.min() == 1e-4


def test_numbers_that_are_not_finite_are_marked():
    from seqviz.figures import metrics_figure

    for column in ("loss", "metric"):
        figure = metrics_figure(metrics([1.0, np.nan, np.inf]), column)
        marked = sorted(x for trace in figure.data if (trace.meta or {}).get("mark") for x in trace.x)
        assert marked == [2, 3]


def test_metrics_figure_stands_before_the_first_step():
    from seqviz.figures import metrics_figure

    figure = metrics_figure(metrics([]))
    assert figure.layout.meta == {
        "finding": "This is before the first training step, with the weights that the seed draws.",
        "empty": True,
    }


def test_what_is_not_a_number_is_called_so():
    from seqviz.figures import metrics_figure

    assert metrics_figure(metrics([np.nan])).layout.title.text == "Loss after 1 step: not a number (NaN)."
