"""The map draws exactly the record's ratios, and its title and its slices say how far each loss is felt."""

import numpy as np
import pytest


def gradient_map(norms):
    from seqviz.records import GradientMap

    return GradientMap(norms=np.asarray(norms, dtype=float)[None, None, None], cell_norms=None)


def decaying(length, rate):
    time = np.arange(length)
    return np.tril(rate ** np.maximum(time[:, None] - time[None, :], 0.0))


def test_map_figure_draws_ratios_to_the_losses_own_step():
    from seqviz.figures.gradient_map import own_step_ratios

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


def titled(losses, *, bidirectional=False, direction=0):
    """The title of the map of these losses for a linear recurrence that keeps nine tenths of what comes back."""
    import torch
    from torch import nn

    import seqviz
    from seqviz.figures import gradient_map_figure

    rnn = nn.RNN(1, 1, nonlinearity="relu", bias=False, bidirectional=bidirectional)
    with torch.no_grad():
        for name, weight in rnn.named_parameters():
            weight.fill_(0.9 if "hh" in name else 1.0)
    traced = seqviz.gradient_map(rnn, torch.ones(20, 1, 1), losses)
    return gradient_map_figure(traced, direction=direction).layout.title.text


def test_map_finding_gives_no_reach_that_is_not_possible():
    import torch

    only = torch.zeros(20)
    only[:3] = 1.0
    assert titled(lambda output, final: output.sum((1, 2)) * only) == (
        "A loss is still felt all the way back, over 2 steps, with 1 % or more of its gradient at its own step. "
        "17 of the 20 losses depend on no state."
    )


def test_map_finding_of_losses_that_read_another_step_counts_from_there():
    import torch

    said = titled(lambda output, final: torch.cat([output[:1], output[:-1]]).sum((1, 2)))  # each reads the step before its own
    assert said.startswith("A loss is still felt all the way back, over 18 steps,")
    said = titled(lambda output, final: final.sum() * torch.ones(20))
    assert said.startswith("A loss is still felt all the way back, over 19 steps,")
    said = titled(lambda output, final: output[0].sum() * torch.ones(20))
    assert said == "Every loss reads only the first step processed: no step lies before it for a gradient to reach."


def test_map_finding_of_the_backward_direction_counts_from_the_end():
    import torch

    last = torch.zeros(20)
    last[-3:] = 1.0
    said = titled(lambda output, final: output[:, :, 1].sum(1) * last, bidirectional=True, direction=1)
    assert said.startswith("A loss is still felt all the way back, over 2 steps,")
    said = titled(lambda output, final: output[:, :, 0].sum(1), bidirectional=True, direction=1)
    assert said == "No loss reaches any state with a finite gradient."


def test_a_cut_leaves_within_its_windows_what_was_there_and_nothing_before():
    from seqviz.figures import gradient_map_figure, truncated_map_figure

    traced = gradient_map(decaying(7, 0.5))
    whole, cut = gradient_map_figure(traced), truncated_map_figure(traced, 3)
    same = np.arange(7)[:, None] // 3 == np.arange(7)[None, :] // 3
    np.testing.assert_array_equal(cut.data[0].z[same], whole.data[0].z[same])
    assert (cut.data[0].z[~same] == 0).all()
    assert [line.x0 for line in cut.layout.shapes] == [2.5, 5.5]
    # felt at 1 % up to 6 steps back, so at all 21 pairs below the diagonal, of which 6 are within a window
    assert cut.layout.title.text.startswith("A cut every 3 steps discards 71 % of all earlier states")


def test_a_cut_of_what_is_not_felt_discards_nothing():
    from seqviz.figures import truncated_map_figure

    title = truncated_map_figure(gradient_map(decaying(5, 1e-3)), 2).layout.title.text
    assert title == (
        "No loss is felt at an earlier step, with 1 % or more of its gradient at its own step, so a cut every 2 steps discards "
        "nothing that is felt."
    )


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_a_cut_map_is_that_of_a_network_whose_state_is_detached(kind):
    import torch

    import seqviz
    from seqviz.figures.gradient_map import _is_cut

    torch.manual_seed(0)
    rnn, inputs = getattr(torch.nn, kind)(2, 3), torch.randn(6, 1, 2)
    whole = seqviz.gradient_map(rnn, inputs, lambda output, final: output.sum(dim=(1, 2))).norms[0, 0, 0]
    state, found = None, np.zeros((6, 6))
    for first in (0, 2, 4):
        traced = seqviz.gradient_map(rnn, inputs[first : first + 2], lambda output, final: output.sum(dim=(1, 2)), state)
        found[first : first + 2, first : first + 2] = traced.norms[0, 0, 0]
        state = rnn(inputs[first : first + 2], state)[1]
        state = tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
    np.testing.assert_allclose(np.where(_is_cut(6, 2), 0.0, whole), found, rtol=1e-5, atol=1e-7)
