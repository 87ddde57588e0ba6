"""Training figures lose no spike, mark what is not finite, and say where a run stands."""

import numpy as np
import pytest


def metrics(losses):
    from seqviz.records import Metrics

    losses = np.asarray(losses, dtype=float)
    count = len(losses)
    return Metrics(
        step=np.arange(1, count + 1), loss=losses, metric=losses / 2, gradient_norm=losses * 10,
        applied_norm=np.minimum(losses * 10, 1.0), clipped=losses > 0.1,
    )  # fmt: skip


def probes(norms):
    from seqviz.records import Probes

    norms = np.asarray(norms, dtype=float)[:, None, None]
    return Probes(step=np.arange(len(norms)) * 10, hidden_norms=norms, cell_norms=None, direct_norms=norms)


def test_metrics_figure_overlays_runs_each_in_its_own_colour():
    from seqviz.figures import metrics_figure
    from seqviz.figures.look import ROLES

    figure = metrics_figure({"rnn": metrics([1.0, 0.5]), "lstm": metrics([1.0, 0.25])})
    assert [list(trace.y) for trace in figure.data] == [[1.0, 0.5], [1.0, 0.25]]
    assert [trace.line.color for trace in figure.data] == [ROLES["rnn"], ROLES["lstm"]]
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


def test_probes_figure_draws_each_moment_relative_to_its_last_step():
    from seqviz.figures import probes_figure

    figure = probes_figure(probes([[0.01, 2.0], [1.0, 1.0]]))
    assert list(figure.data[0].y) == [0, 10]
    assert figure.data[0].z[1].tolist() == [128, 128]
    assert "after 10 steps the first time step gets 1 of the last one's gradient" in figure.layout.title.text


@pytest.mark.parametrize("norms", [np.zeros((0, 4)), np.ones((1, 1)), np.full((2, 3), np.nan)])
def test_probes_figure_stands_for_nothing_one_step_and_nan(norms):
    from seqviz.figures import probes_figure

    assert probes_figure(probes(norms)).layout.title.text


def test_the_reach_is_told_for_the_moment_shown():
    from seqviz.figures import probes_figure

    record = probes([[0.01, 1.0], [0.1, 1.0], [0.5, 1.0]])
    title = probes_figure(record, at=19).layout.title.text
    assert "after 10 steps the first time step gets 0.1" in title
    assert "at step 0 it was 0.01" in title
    assert probes_figure(record, at=0).layout.title.text.startswith("Before training the first time step gets 0.01")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (0.01, 0.5, "Training moves the reach: after 10 steps"),
        (0.5, 0.01, "Training moves the reach: after 10 steps"),
        (0.0, 0.01, "Training moves the reach: after 10 steps"),
        (0.1, 0.11, "Training hardly moves the reach: after 10 steps"),
        (0.1, 0.1, "Training does not move the reach: after 10 steps"),
        (0.0, 0.0, "Training does not move the reach: after 10 steps"),
        (np.nan, 0.1, "After 10 steps the first time step gets 0.1 of the last one's gradient, at step 0 it was not a number"),
    ],
)
def test_training_is_said_to_move_the_reach_only_where_it_does(before, after, said):
    from seqviz.figures import probes_figure

    assert probes_figure(probes([[before, 1.0], [after, 1.0]])).layout.title.text.startswith(said)


def test_what_is_not_a_number_is_called_so():
    from seqviz.figures import metrics_figure, probes_figure

    assert "is not a number (NaN)" in probes_figure(probes([[0.1, 1.0], [0.0, 0.0]])).layout.title.text
    assert metrics_figure(metrics([np.nan])).layout.title.text == "Loss after 1 step: not a number (NaN)."


def test_the_reach_of_the_backward_direction_is_that_of_the_last_time_step():
    from seqviz.figures.metrics import probes_finding

    said = probes_finding(np.array([0]), np.array([[1.0, 0.5, 0.25]]), 1)
    assert said == "Before training the last time step gets 0.25 of the first one's gradient."
