"""Gradient figures draw exactly the record's numbers, and their titles say what the numbers say."""

import numpy as np
import pytest


def flow(norms, direct=None, cell=None):
    from seqviz.records import GradientFlow

    norms = np.asarray(norms, dtype=float).reshape(1, 1, 1, -1)
    direct = np.zeros_like(norms) if direct is None else np.asarray(direct, dtype=float).reshape(1, 1, 1, -1)
    return GradientFlow(
        hidden_norms=norms,
        cell_norms=None if cell is None else np.asarray(cell, float).reshape(1, 1, 1, -1),
        direct_norms=direct,
    )


def gradient_map(norms):
    from seqviz.records import GradientMap

    return GradientMap(norms=np.asarray(norms, dtype=float)[None, None, None], cell_norms=None)


def decaying(length, rate):
    time = np.arange(length)
    return np.tril(rate ** np.maximum(time[:, None] - time[None, :], 0.0))


def test_flow_figure_draws_the_norms_of_the_record():
    from seqviz.figures import gradient_flow_figure

    figure = gradient_flow_figure({"rnn": flow([0.001, 0.1, 1.0])}, direct=False)
    assert list(figure.data[0].y) == [0.001, 0.1, 1.0]
    assert figure.layout.yaxis.type == "log"


def test_flow_figure_draws_the_mean_over_sequences():
    from seqviz.figures import gradient_flow_figure
    from seqviz.records import GradientFlow

    norms = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 1, 2, 2)
    figure = gradient_flow_figure(GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=norms), direct=False)
    assert list(figure.data[0].y) == [2.0, 3.0]


def test_flow_finding_says_what_became_of_the_gradient_in_each_network():
    from seqviz.figures.gradient_flow import flow_finding

    said = flow_finding({"rnn": flow([1e-8, 1e-4, 1.0]), "lstm": flow([0.9, 1.0, 1.0]), "gru": flow([400.0, 20.0, 1.0])})
    assert said == (
        "On its way from t = 2 back to t = 0, the gradient shrinks to 10⁻⁸ in the RNN, keeps its size in the LSTM, and "
        "grows 400-fold in the GRU."
    )


def test_flow_finding_follows_the_backward_direction_forwards():
    from seqviz.figures.gradient_flow import flow_finding
    from seqviz.records import GradientFlow

    norms = np.array([[1.0, 1.0], [1.0, 1e-3]]).reshape(1, 2, 1, 2)
    said = flow_finding({"rnn": GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=norms)}, direction=1)
    assert said == "On its way from t = 0 back to t = 1, the gradient shrinks to 0.001 in the RNN."


def test_flow_figure_tells_roles_apart_by_dash_within_one_colour():
    from seqviz.figures import gradient_flow_figure

    figure = gradient_flow_figure({"lstm": flow([1.0, 1.0], direct=[0.5, 1.0], cell=[1.0, 2.0])})
    assert [trace.line.dash for trace in figure.data] == ["solid", "dash", "dot"]
    assert len({trace.line.color for trace in figure.data}) == 1


def test_flow_figure_marks_the_zeros_that_other_tools_plot():
    from seqviz.figures import gradient_flow_figure

    figure = gradient_flow_figure({"rnn": flow([0.1, 0.5, 1.0], direct=[0.0, 0.0, 1.0])})
    mark = next(trace for trace in figure.data if (trace.meta or {}).get("mark"))
    assert list(mark.x) == [0, 1]
    assert mark.meta["labels"] == [["RNN from above only"], ["RNN from above only"]]


@pytest.mark.parametrize(
    ("norms", "said"),
    [
        ([], "There is no time step to draw."),
        ([1.0], "With a single time step there is nothing to carry back."),
        ([np.nan, 1.0], "On its way from t = 1 back to t = 0, the gradient is not a number in the RNN."),
        ([np.inf, 1.0], "On its way from t = 1 back to t = 0, the gradient grows beyond every number in the RNN."),
        ([0.0, 1.0], "On its way from t = 1 back to t = 0, the gradient vanishes to exactly 0 in the RNN."),
        (
            [0.0, 1e-320, 1.0],
            "On its way from t = 2 back to t = 0, the gradient shrinks to below what float64 can hold in the RNN.",
        ),
        ([0.0, 0.0], "On its way from t = 1 back to t = 0, the gradient is exactly 0 at both ends in the RNN."),
        ([0.5, 0.0], "On its way from t = 1 back to t = 0, the gradient begins at exactly 0 and ends at 0.5 in the RNN."),
        ([1.0, np.inf], "On its way from t = 1 back to t = 0, the gradient is beyond every number from the start in the RNN."),
    ],
)
def test_flow_figure_says_what_it_cannot_draw(norms, said):
    from seqviz.figures import gradient_flow_figure

    figure = gradient_flow_figure({"rnn": flow(norms)})
    assert figure.layout.title.text == said == figure.layout.meta["finding"]
    assert figure.layout.meta["empty"] == (not norms)


def test_map_figure_draws_ratios_to_the_losses_own_step():
    from seqviz.figures.gradient_flow import own_step_ratios

    ratios = own_step_ratios(np.array([[2.0, 0.0], [1.0, 4.0]]))
    assert ratios[0, 0] == 1.0
    assert np.isnan(ratios[0, 1])  # a later state cannot reach an earlier loss
    assert ratios[1].tolist() == [0.25, 1.0]


def test_map_figure_keeps_exact_values_beside_its_levels():
    from seqviz.figures import gradient_map_figure

    norms = decaying(6, 0.5)
    figure = gradient_map_figure(gradient_map(norms))
    assert figure.data[0].z.dtype == np.uint8
    np.testing.assert_array_equal(figure.data[0].customdata, norms.astype(np.float32))
    assert figure.data[0].z[0, 5] == 0  # no path: transparent
    assert figure.data[0].z[5, 5] == 128  # ratio 1: the middle


def test_map_figure_has_only_levels_where_it_is_large():
    from seqviz.figures import gradient_map_figure

    figure = gradient_map_figure(gradient_map(decaying(120, 0.9)))
    assert figure.data[0].customdata is None


def test_map_finding_says_how_far_back_a_loss_is_felt():
    from seqviz.figures import gradient_map_figure

    own = "with 1 % or more of its gradient at its own step."
    assert (
        gradient_map_figure(gradient_map(decaying(20, 0.5))).layout.title.text
        == f"A loss is typically felt up to 6 steps back, {own}"
    )
    assert (
        gradient_map_figure(gradient_map(decaying(6, 0.9))).layout.title.text
        == f"A loss is still felt all the way back, over 5 steps, {own}"
    )
    assert "over 1 step," in gradient_map_figure(gradient_map(decaying(2, 0.9))).layout.title.text
    assert "up to 1 step back" in gradient_map_figure(gradient_map(decaying(5, 0.05))).layout.title.text
    assert "at its own step alone" in gradient_map_figure(gradient_map(decaying(5, 0.001))).layout.title.text
    assert "grows: up to 1000 times" in gradient_map_figure(gradient_map(decaying(11, 2.0))).layout.title.text


def test_map_figure_marks_what_is_not_finite():
    from seqviz.figures import gradient_map_figure

    norms = decaying(4, 0.5)
    norms[2, 1], norms[3, 0] = np.nan, np.inf
    mark = gradient_map_figure(gradient_map(norms)).data[1]
    assert sorted(zip(mark.x, mark.y, mark.customdata, strict=True)) == [(0, 3, "∞"), (1, 2, "NaN")]


@pytest.mark.parametrize("length", [0, 1])
def test_map_figure_stands_without_anything_to_compare(length):
    from seqviz.figures import gradient_map_figure

    figure = gradient_map_figure(gradient_map(np.ones((length, length))))
    assert figure.layout.meta["empty"] == (length == 0)


@pytest.mark.parametrize("direction", [0, 1])
def test_the_maps_title_and_its_slices_agree_on_how_far_each_loss_is_felt(direction):
    import re

    from seqviz.figures import gradient_map_figure, gradient_slice_figure
    from seqviz.records import GradientMap

    time = np.arange(30)
    rates = np.linspace(0.3, 0.6, 30)[:, None]  # each loss fades at a pace of its own
    norms = 7.0 * np.tril(rates ** np.maximum(time[:, None] - time, 0))
    trace = gradient_map(norms)
    if direction:
        both = np.stack([norms, norms[::-1, ::-1]])[None, :, None]
        trace = GradientMap(norms=both, cell_norms=None)
    order = list(range(30))[:: -1 if direction else 1]
    said = [gradient_slice_figure(trace, loss_time=at, direction=direction).layout.title.text for at in order]
    reaches = [int(re.search(r"up to (\d+) steps? back", one).group(1)) if "back" in one else 0 for one in said]
    free = [reach for at, reach in enumerate(reaches) if reach < at]
    typical = round(float(np.median(free)))
    title = gradient_map_figure(trace, direction=direction).layout.title.text
    assert f"up to {typical} steps back ({min(free)} to {max(free)}, loss by loss)" in title


def test_slices_draw_a_row_and_a_column_of_the_map():
    from seqviz.figures import gradient_slice_figure

    norms = decaying(6, 0.5)
    row = gradient_slice_figure(gradient_map(norms), loss_time=4)
    column = gradient_slice_figure(gradient_map(norms), state_time=2)
    assert list(row.data[0].x) == [0, 1, 2, 3, 4]
    assert list(row.data[0].y) == list(norms[4, :5])
    own = "with 1 % or more of its gradient at its own step."
    assert row.layout.title.text == f"The loss at i = 4 is felt up to 4 steps back, {own}"
    assert column.layout.title.text == (
        "The state at t = 2 is felt by losses up to 3 steps later, with 1 % or more of their gradients at their own steps."
    )
    assert list(column.data[0].x) == [2, 3, 4, 5]
    assert list(column.data[0].y) == list(norms[2:, 2])
