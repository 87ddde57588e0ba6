"""Figures of probes draw each run's last probe at or before a moment, and say which step that was."""

import numpy as np
import pytest

from seqviz.figures.probes import exact_figure, exact_finding
from seqviz.records import Probes


def probes(steps=(0, 10, 100), gates=("input", "forget")):
    """Probes of two layers and four time steps; layer 1's norms at probe i are 10^i · (1, 2, 3, 4)."""
    from seqviz.records import Probes

    norms = np.stack([10.0**at * np.array([[[1.0, 2, 3, 4]], [[10.0, 20, 30, 40]]]) for at in range(len(steps))])
    share = np.stack([np.full((2, 1), 0.1 * at) for at in range(len(steps))])
    return Probes(
        step=np.array(steps), hidden_norms=norms, cell_norms=None, direct_norms=norms,
        gate_means=dict.fromkeys(gates, share + 0.5), left_saturated=dict.fromkeys(gates, share),
        right_saturated=dict.fromkeys(gates, 2 * share),
    )  # fmt: skip


def test_rare_extremes_of_a_gate_are_not_called_none():
    from dataclasses import replace

    from seqviz.figures.probes import moment_gates_figure

    none, rare = np.zeros((1, 2, 1)), np.full((1, 2, 1), 0.004)
    record = replace(
        probes(steps=(0,)), left_saturated={"input": none}, right_saturated={"input": none}, gate_means={"input": none}
    )
    assert "all values are between" in moment_gates_figure({"LSTM": record}).layout.title.text
    record = replace(record, right_saturated={"input": rare})
    assert "fewer than 1 in 200" in moment_gates_figure({"LSTM": record}).layout.title.text


@pytest.mark.parametrize(("at", "expected"), [(0, 0), (9, 0), (10, 1), (99, 1), (100, 2), (5000, 2), (None, 2)])
def test_probe_at_is_the_last_at_or_before(at, expected):
    from seqviz.figures.probes import probe_at

    assert probe_at(probes(), at) == expected


def test_probe_at_is_the_first_where_all_are_later():
    from seqviz.figures.probes import probe_at

    assert probe_at(probes(steps=(500, 600)), 10) == 0


def test_moment_flow_draws_the_top_layer_at_that_moment():
    from seqviz.figures.probes import moment_flow_figure

    figure = moment_flow_figure({"lstm": probes()}, at=42)
    assert list(figure.data[0].y) == [100, 200, 300, 400]
    assert figure.layout.title.text.startswith(
        "After 10 training steps, from the last time step back to the first the gradient"
    )
    assert "shrinks to 0.25 in the lstm" in figure.layout.title.text


def test_moment_flow_draws_the_layer_asked_for_and_the_last_of_shallower_runs():
    from seqviz.figures.probes import moment_flow_figure

    assert list(moment_flow_figure({"lstm": probes()}, at=0, layer=0).data[0].y) == [1, 2, 3, 4]
    assert list(moment_flow_figure({"lstm": probes()}, at=0, layer=3).data[0].y) == [10, 20, 30, 40]


def test_moment_gates_add_up_and_skip_runs_without_gates():
    from seqviz.figures.probes import moment_gates_figure

    figure = moment_gates_figure({"rnn": probes(gates=()), "lstm": probes()}, at=10)
    shut, between, opened, mean = figure.data
    assert list(shut.y) == ["lstm: forget", "lstm: input"]  # bars are stacked upwards
    np.testing.assert_allclose(np.array(shut.x) + between.x + opened.x, 1.0)
    np.testing.assert_allclose(opened.x, 0.2)
    np.testing.assert_allclose(mean.x, 0.6)
    assert (
        figure.layout.title.text == "After 10 training steps, lstm: input is open the most: 20 % of its values are above 0.9."
    )


def test_moments_say_so_where_there_is_nothing_to_draw():
    from seqviz.figures.probes import moment_flow_figure, moment_gates_figure

    assert moment_flow_figure({}).layout.meta["empty"]
    assert moment_gates_figure({"rnn": probes(gates=())}).layout.title.text == "None of these networks has gates."


def test_runs_at_different_steps_each_stand_beside_their_own_step():
    from seqviz.figures.probes import moment_flow_figure, moment_gates_figure

    runs = {"RNN": probes(steps=(0, 427), gates=()), "LSTM": probes(steps=(0, 267)), "GRU": probes(steps=(0, 107))}
    assert moment_flow_figure(runs).layout.title.text == (
        "From the last time step back to the first the gradient shrinks to 0.25 in the RNN after 427 training steps, "
        "shrinks to 0.25 in the LSTM after 267 training steps and shrinks to 0.25 in the GRU after 107 training steps."
    )
    assert moment_gates_figure(runs).layout.title.text.startswith(
        "In the LSTM after 267 training steps and the GRU after 107 training steps, LSTM: input is open the most"
    )
    assert "in the GRU before training" in moment_flow_figure({**runs, "GRU": probes(steps=(0,))}).layout.title.text


def two_way(record):
    """The same probes of a bidirectional run: backward, norms are those of the time steps turned round, gates half as open."""
    from dataclasses import replace

    norms = np.concatenate([record.hidden_norms, record.hidden_norms[..., ::-1]], axis=2)
    shares = {name: np.concatenate([share, share / 2], axis=2) for name, share in record.gate_means.items()}
    return replace(
        record, hidden_norms=norms, direct_norms=norms, gate_means=shares, left_saturated=shares, right_saturated=shares
    )


def test_moment_flow_of_the_backward_direction_speaks_of_the_way_it_was_read():
    from seqviz.figures.probes import moment_flow_figure

    figure = moment_flow_figure({"lstm": two_way(probes())}, at=42, direction=1)
    assert list(figure.data[0].y) == [400, 300, 200, 100]
    assert "from the first time step on to the last the gradient shrinks to 0.25 in the lstm" in figure.layout.title.text
    assert list(moment_flow_figure({"lstm": probes()}, at=42, direction=1).data[0].y) == [100, 200, 300, 400]


def test_moment_gates_draw_the_direction_asked_for():
    from seqviz.figures.probes import moment_gates_figure

    means = [list(moment_gates_figure({"lstm": two_way(probes())}, direction=way).data[-1].x) for way in (0, 1)]
    np.testing.assert_allclose(means[1], np.array(means[0]) / 2)


def writing(steps, exact):
    norms = np.zeros((len(steps), 1, 1, 2))
    return Probes(
        step=np.array(steps),
        hidden_norms=norms,
        cell_norms=None,
        direct_norms=norms,
        exact=None if exact is None else np.array(exact),
    )


def test_curves_are_the_recorded_shares_and_runs_that_write_nothing_are_left_out():
    runs = {"GRU with additive attention": writing([0, 10, 20], [0.0, 0.5, 0.96]), "LSTM": writing([0, 10], None)}
    drawn = exact_figure(runs, colours={"GRU with additive attention": "#123456"})
    assert [list(trace.y) for trace in drawn.data] == [[0.0, 0.5, 0.96]]
    assert drawn.data[0].line.color == "#123456"
    assert drawn.layout.meta["finding"] == (
        "Of 256 sentences drawn from those never seen in training, exactly right at training step 20: 96 % by the GRU with "
        "additive attention."
    )


def test_the_finding_is_of_the_last_probe_before_the_moment_shown():
    runs = {"A": writing([0, 10, 20], [0.0, 0.5, 0.96]), "B": writing([0, 15], [0.0, 0.25])}
    assert exact_finding(runs, 12).endswith("50 % by the A (training step 10) and 0 % by the B (training step 0).")


def test_nothing_written_is_no_error():
    assert exact_figure({"LSTM": writing([0], None)}).layout.meta["empty"]
    assert exact_finding({}).startswith("No moment has been looked into")


def reaching(norms):
    from seqviz.records import Probes

    norms = np.asarray(norms, dtype=float)[:, None, None]
    return Probes(step=np.arange(len(norms)) * 10, hidden_norms=norms, cell_norms=None, direct_norms=norms)


def test_probes_figure_draws_each_moment_relative_to_its_last_step():
    from seqviz.figures import probes_figure

    figure = probes_figure(reaching([[0.01, 2.0], [1.0, 1.0]]))
    assert list(figure.data[0].y) == [0, 10]
    assert figure.data[0].z[1].tolist() == [128, 128]
    assert "after 10 steps the first time step gets 1 of the last one's gradient" in figure.layout.title.text


@pytest.mark.parametrize("norms", [np.zeros((0, 4)), np.ones((1, 1)), np.full((2, 3), np.nan)])
def test_probes_figure_stands_for_nothing_one_step_and_nan(norms):
    from seqviz.figures import probes_figure

    assert probes_figure(reaching(norms)).layout.title.text


def test_the_reach_is_told_for_the_moment_shown():
    from seqviz.figures import probes_figure

    record = reaching([[0.01, 1.0], [0.1, 1.0], [0.5, 1.0]])
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

    assert probes_figure(reaching([[before, 1.0], [after, 1.0]])).layout.title.text.startswith(said)


def test_the_reach_of_the_backward_direction_is_that_of_the_last_time_step():
    from seqviz.figures.probes import probes_finding

    said = probes_finding(np.array([0]), np.array([[1.0, 0.5, 0.25]]), 1)
    assert said == "Before training the last time step gets 0.25 of the first one's gradient."


def test_a_reach_that_is_not_a_number_is_called_so():
    from seqviz.figures import probes_figure

    assert "is not a number (NaN)" in probes_figure(reaching([[0.1, 1.0], [0.0, 0.0]])).layout.title.text
