"""Jacobian figures draw the record's norms, bounds and singular values, and say them in words."""

import numpy as np
import pytest


def trace(length=5, size=3, rate=0.5, beta=True):
    from seqviz.records import JacobianTrace

    time = np.arange(length)
    norms = np.tril(rate ** np.maximum(time[:, None] - time[None, :], 0.0))
    return JacobianTrace(
        steps=np.tile(rate * np.eye(size), (length, 1, 1)), norms=norms, product_bounds=np.where(norms > 0, norms * 4, 0),
        beta_bounds=np.where(norms > 0, norms * 9, 0) if beta else None,
        singular_values=(rate ** np.arange(length)[::-1])[:, None] * np.ones((length, size)),
    )  # fmt: skip


def test_norms_figure_draws_norm_and_both_bounds_of_the_last_state():
    from seqviz.figures import jacobian_norms_figure

    record = trace()
    figure = jacobian_norms_figure(record)
    assert [list(each.y) for each in figure.data] == [
        list(record.norms[-1]), list(record.product_bounds[-1]), list(record.beta_bounds[-1]),
    ]  # fmt: skip
    assert figure.layout.title.text == "Over 4 steps the Jacobian product shrinks to 0.062, 4 times smaller than its bound."


def test_a_single_step_is_one_step_and_an_underflow_is_no_exact_zero():
    from seqviz.figures import jacobian_norms_figure

    assert jacobian_norms_figure(trace(length=2)).layout.title.text.startswith(
        "Over 1 step the Jacobian product shrinks to 0.5"
    )
    underflown = jacobian_norms_figure(trace(length=200, rate=0.01)).layout.title.text
    assert underflown.startswith("Over 199 steps the Jacobian product shrinks to below what float64 can hold")
    cut_off = jacobian_norms_figure(trace(length=3, rate=0.0)).layout.title.text
    assert cut_off == "Over 2 steps the Jacobian product vanishes to exactly 0."


def test_figures_of_the_backward_direction_are_about_the_step_that_it_processes_last():
    from dataclasses import replace

    from seqviz.figures import jacobian_norms_figure, singular_values_figure

    forward, turned = trace(), ("norms", "product_bounds", "beta_bounds")
    backward = replace(
        forward, singular_values=forward.singular_values[::-1], **{name: getattr(forward, name)[::-1, ::-1] for name in turned}
    )
    figure = jacobian_norms_figure(backward, direction=1)
    assert list(figure.data[0].y) == list(forward.norms[-1][::-1])
    assert figure.layout.title.text == jacobian_norms_figure(forward).layout.title.text
    assert "the state at t = 4, 3 keep" in singular_values_figure(backward, direction=1).layout.title.text


def test_norms_figure_has_no_beta_bound_where_there_is_none():
    from seqviz.figures import jacobian_norms_figure

    assert len(jacobian_norms_figure(trace(beta=False)).data) == 2


@pytest.mark.parametrize("length", [0, 1])
def test_figures_stand_for_no_step_and_one(length):
    from seqviz.figures import jacobian_norms_figure, singular_values_figure

    assert jacobian_norms_figure(trace(length)).layout.title.text
    assert singular_values_figure(trace(length)).layout.title.text


def test_singular_values_figure_counts_the_directions_that_last():
    from seqviz.figures import singular_values_figure

    figure = singular_values_figure(trace(length=5, rate=0.5))
    assert "Of 3 directions of the state at t = 0, 3 keep 1 % or more" in figure.layout.title.text
    assert "none keep" in singular_values_figure(trace(length=20, rate=0.5)).layout.title.text


def test_singular_values_that_are_not_finite_are_marked():
    from dataclasses import replace

    from seqviz.figures import singular_values_figure

    record = trace()
    values = record.singular_values.copy()
    values[0, 0] = np.nan
    figure = singular_values_figure(replace(record, singular_values=values))
    assert any((each.meta or {}).get("mark") == "not a number" for each in figure.data)


def test_step_figure_says_norm_and_spectral_radius():
    from dataclasses import replace

    from seqviz.figures import jacobian_step_figure

    record = trace(size=2)
    steps = record.steps.copy()
    steps[2] = [[0.0, 2.0], [0.5, 0.0]]  # eigenvalues ±1, largest singular value 2
    figure = jacobian_step_figure(replace(record, steps=steps), 2)
    assert figure.layout.title.text == (
        "The step into t = 2 stretches some direction 2-fold (spectral norm); its spectral radius is 1."
    )
    np.testing.assert_allclose(figure.data[0].customdata, steps[2])


def test_step_values_figure_draws_the_singular_values_of_one_step():
    from dataclasses import replace

    from seqviz.figures import step_values_figure

    record = trace(size=2)
    steps = record.steps.copy()
    steps[1] = [[0.0, 2.0], [0.5, 0.0]]
    figure = step_values_figure(replace(record, steps=steps), 1)
    np.testing.assert_allclose(figure.data[0].y, [2.0, 0.5])
    assert figure.layout.title.text == "Of its 2 directions, this step back stretches 1 and shrinks 1."
    steps[1] = np.eye(2)
    figure = step_values_figure(replace(record, steps=steps), 1)
    assert figure.layout.title.text == "Of its 2 directions, this step back stretches none, keeps 2 and shrinks none."
    steps[1] = np.nan
    assert step_values_figure(replace(record, steps=steps), 1).layout.meta["empty"]


def test_singular_values_are_drawn_each_under_its_own_name():
    from seqviz.figures import singular_values_figure

    record = trace(length=3, size=4)
    others, largest = singular_values_figure(record).data[:2]
    assert list(largest.y) == list(record.singular_values[:, 0])
    assert [list(others.y[at : at + 3]) for at in (0, 4, 8)] == [list(record.singular_values[:, index]) for index in (1, 2, 3)]
    assert others.customdata[0] == "σ2"
    assert others.customdata[-1] == "σ4"
    assert list(np.flatnonzero(np.isnan(others.y))) == [3, 7, 11]
