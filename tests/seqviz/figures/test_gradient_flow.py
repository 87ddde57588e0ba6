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


def several(norms, direct=None):
    """One layer and direction of several sequences; the loss reads their last step, if not told otherwise."""
    from seqviz.records import GradientFlow

    norms = np.asarray(norms, dtype=float)[None, None]
    direct = np.zeros_like(norms) if direct is None else np.asarray(direct, dtype=float)[None, None]
    return GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=direct)


def test_flow_figure_draws_the_norms_of_the_record():
    from seqviz.figures import gradient_flow_figure

    figure = gradient_flow_figure({"rnn": flow([0.001, 0.1, 1.0])}, direct=False)
    assert list(figure.data[0].y) == [0.001, 0.1, 1.0]
    assert figure.layout.yaxis.type == "log"


def test_flow_figure_draws_the_median_over_sequences_between_the_smallest_and_the_largest():
    from seqviz.figures import gradient_flow_figure

    figure = gradient_flow_figure(several([[1.0, 2.0], [3.0, 4.0], [90.0, 3.0]]), direct=False)
    smallest, largest, curve = figure.data
    assert list(curve.y) == [3.0, 3.0]
    assert list(smallest.y) == [1.0, 2.0]
    assert list(largest.y) == [90.0, 4.0]
    assert (smallest.name, largest.name) == ("smallest ∂L/∂h", "largest ∂L/∂h")


def test_flow_finding_compares_each_sequence_with_itself():
    from seqviz.figures.gradient_flow import flow_finding

    said = flow_finding({"rnn": several([[1.0, 2.0], [3.0, 4.0], [90.0, 3.0]])})
    assert said == (
        "On its way from t = 1 back to t = 0, the gradient typically keeps its size (0.5 to 30 in its 3 sequences) in the RNN."
    )


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
    direct = np.array([[0.0, 1.0], [1.0, 0.0]]).reshape(1, 2, 1, 2)
    said = flow_finding({"rnn": GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=direct)}, direction=1)
    assert said == "On its way from t = 0 on to t = 1, the gradient shrinks to 0.001 in the RNN."


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
        ([0.0, 0.0], "The loss does not depend on these states: its gradient is exactly 0 at each of them."),
        (
            [0.5, 0.0],
            "The loss reads only the first step processed, t = 0: no step lies before it for the gradient to reach.",
        ),
        ([1.0, np.inf], "On its way from t = 1 back to t = 0, the gradient is beyond every number from the start in the RNN."),
    ],
)
def test_flow_figure_says_what_it_cannot_draw(norms, said):
    from seqviz.figures import gradient_flow_figure

    figure = gradient_flow_figure({"rnn": flow(norms)})
    assert figure.layout.title.text == said == figure.layout.meta["finding"]
    assert figure.layout.meta["empty"] == (not norms)


@pytest.mark.parametrize(
    ("reads", "lengths", "said"),
    [
        ([[0, 0, 1]], None, "On its way from t = 2 back to t = 0, the gradient shrinks to 0.25."),
        ([[0, 1, 0]], None, "On its way from t = 1 back to t = 0, the gradient shrinks to 0.5."),
        ([[0, 1, 1]], None, "The loss reads 2 steps, and their gradients add up: on its way from t = 2 back to t = 0, the "),
        ([[1, 1, 1]], None, "The loss reads every step, and their gradients add up: on its way from t = 2 back to t = 0, the "),
        ([[1, 0, 0]], None, "The loss reads only the first step processed, t = 0: no step lies before it"),
        ([[0, 0, 1], [0, 1, 0]], None, "On its way from the last step that each sequence's loss reads back to its first, the "),
        ([[0, 0, 1], [0, 1, 0]], [3, 2], "On its way from each sequence's last step back to its first, the gradient "),
        ([[0, 0, 1], [1, 0, 0]], None, "On its way from t = 2 back to t = 0, the gradient shrinks to 0.25."),
    ],
)
def test_flow_finding_says_where_the_loss_is_and_what_travelled(reads, lengths, said):
    """A linear recurrence that halves what comes back, so that every number is known."""
    import torch
    from torch import nn

    import seqviz
    from seqviz.figures.gradient_flow import flow_finding

    rnn, mask = nn.RNN(1, 1, nonlinearity="relu", bias=False), torch.tensor(reads, dtype=torch.float32).t().unsqueeze(2)
    with torch.no_grad():
        rnn.weight_hh_l0.fill_(0.5)
        rnn.weight_ih_l0.fill_(1.0)
    inputs = torch.ones(len(reads[0]), len(reads), 1)
    traced = seqviz.gradient_flow(rnn, inputs, lambda output, final: (output * mask).sum(), lengths=lengths)
    assert flow_finding({"": traced}).startswith(said)


def test_flow_finding_of_a_direction_whose_first_step_alone_is_read_says_that_nothing_travels():
    import torch
    from torch import nn

    import seqviz
    from seqviz.figures.gradient_flow import flow_finding

    traced = seqviz.gradient_flow(nn.RNN(2, 2, bidirectional=True), torch.ones(9, 1, 2), lambda output, final: output[-1].sum())
    assert flow_finding({"": traced}, direction=1) == (
        "The loss reads only the first step processed, t = 8: no step lies before it for the gradient to reach."
    )


def test_flow_finding_of_a_padded_batch_is_of_each_sequence_not_of_its_padding():
    import torch
    from torch import nn

    import seqviz
    from seqviz.figures.gradient_flow import flow_finding

    torch.manual_seed(0)
    steps = torch.tensor([40] + [5] * 15)
    mask = (torch.arange(40).unsqueeze(1) < steps).unsqueeze(2)
    rnn = nn.RNN(1, 1)
    traced = seqviz.gradient_flow(rnn, torch.zeros(40, 16, 1), lambda output, final: (output * mask).sum())
    norms = traced.hidden_norms[0, 0]
    ratios = [norms[at, 0] / norms[at, steps[at] - 1] for at in range(16)]
    assert max(ratios) < 5
    assert "15" not in (said := flow_finding({"": traced})).replace("16 sequences", "")
    assert said.startswith("The loss reads several steps, and their gradients add up: on its way from the last step that each")


def test_flow_finding_leaves_out_no_network():
    from seqviz.figures.gradient_flow import flow_finding

    said = flow_finding({"rnn": flow([0.1, 1.0]), "lstm": flow([0.0, 0.0]), "gru": flow([1.0, 0.0])})
    assert said == (
        "On its way from t = 1 back to t = 0, the gradient shrinks to 0.1 in the RNN, is exactly 0 at every step in the LSTM, "
        "and has no step to travel to in the GRU."
    )
