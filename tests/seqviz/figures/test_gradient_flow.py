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
