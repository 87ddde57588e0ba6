"""The cliff's errors and gradients are exact: finite differences, PyTorch's own cell, steps by hand."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.errors import ConfigError
from seqviz.subjects.cliff import START, TARGET, TIME, WINDOWS, Unit, UnitDescent, UnitSurface
from seqviz.tracing.cliff import INPUT_GATE, OUTPUT_GATE, error_and_gradient, error_surface, gradient_descent, unit_error

PLACES = [(5, -2.5), (5, -2.4), (5, -2.6), (4, -2), (6, -3), (1, 0), (4.94, -2.575)]  # w, b; the last is on the wall


def by_hand(w, b):
    """The RNN unit's error and gradient, step by step in plain floats, derivatives carried forward."""
    state, by_w, by_b = START, 0.0, 0.0
    for _ in range(TIME):
        out = 1 / (1 + math.exp(-state))
        slope = w * out * (1 - out)
        state, by_w, by_b = w * out + b, out + slope * by_w, 1 + slope * by_b
    out = 1 / (1 + math.exp(-state))
    return (out - TARGET) ** 2, *(2 * (out - TARGET) * out * (1 - out) * each for each in (by_w, by_b))


@pytest.mark.parametrize(("w", "b"), PLACES)
def test_errors_and_gradients_are_those_worked_out_by_hand(w, b):
    error, *slopes = by_hand(w, b)
    errors, gradient = error_and_gradient(Unit(), torch.tensor([w, b], dtype=torch.float64))
    assert float(errors) == pytest.approx(error, rel=1e-8)
    assert gradient.tolist() == pytest.approx(slopes, rel=1e-6)


def test_every_point_of_the_grid_is_its_own_direct_evaluation():
    surface = error_surface(UnitSurface(points=9))
    for row, b in enumerate(surface.b):
        for column, w in enumerate(surface.w):
            error, by_w, by_b = by_hand(float(w), float(b))
            assert surface.errors[row, column] == pytest.approx(error, rel=1e-9)
            assert surface.gradient_norms[row, column] == pytest.approx(math.hypot(by_w, by_b), rel=1e-6)


@pytest.mark.parametrize("unit", ["rnn", "lstm"])
def test_gradients_agree_with_finite_differences(unit):
    (left, right), (low, high) = WINDOWS[unit]
    for share in (0.1, 0.45, 0.8):
        place = torch.tensor([left + share * (right - left), low + share * (high - low)], dtype=torch.float64)
        gradient = error_and_gradient(Unit(unit=unit), place)[1]
        for axis in (0, 1):
            nudge = 1e-6 * torch.eye(2, dtype=torch.float64)[axis]
            up, down = (float(unit_error(Unit(unit=unit), *(place + sign * nudge).unbind())) for sign in (1, -1))
            assert (up - down) / 2e-6 == pytest.approx(float(gradient[axis]), rel=1e-4, abs=1e-9)


@torch.no_grad()
@pytest.mark.parametrize(("w", "b", "forget_bias"), [(3.0, -1.5, 1.0), (5.5, -2.0, -2.0), (6.5, 0.5, 2.0)])
def test_the_lstm_unit_is_pytorchs_own_cell(w, b, forget_bias):
    cell = nn.LSTMCell(1, 1).double()
    assert INPUT_GATE == OUTPUT_GATE == 0.5  # σ(0)
    for parameter in cell.parameters():
        parameter.zero_()
    cell.weight_hh[2] = w
    cell.bias_hh.copy_(torch.tensor([0.0, forget_bias, b, 0.0]))
    state = torch.full((1, 1), START, dtype=torch.float64)
    hidden, state = OUTPUT_GATE * state.tanh(), state
    for _ in range(TIME):
        hidden, state = cell(torch.zeros(1, 1, dtype=torch.float64), (hidden, state))
    unit = Unit(unit="lstm", forget_bias=forget_bias)
    ours = unit_error(unit, *torch.tensor([w, b], dtype=torch.float64).unbind())
    assert float(ours) == pytest.approx((float(state.sigmoid()) - TARGET) ** 2, rel=1e-10)


def test_the_wall_lies_where_the_first_state_is_the_unstable_fixed_point():
    at_start = 1 / (1 + math.exp(-START))
    repels = 1 / (at_start * (1 - at_start))  # w·σ'(x_0) > 1
    assert repels == pytest.approx(4.2552, abs=1e-4)
    for w, jumps in ((4.9, True), (5.0, True), (6.0, True), (3.0, False)):
        wall = START - at_start * w
        heights = [by_hand(w, wall + aside)[0] for aside in (-0.003, 0.003)]
        assert (abs(heights[1] - heights[0]) > 0.1) == jumps, w
        assert by_hand(w, wall)[0] == pytest.approx((at_start - TARGET) ** 2, rel=1e-2)  # where it stays as it began


def test_hardly_any_of_the_surface_is_steep():
    surface = error_surface(UnitSurface(points=200))
    assert np.median(surface.gradient_norms) == pytest.approx(0.057, abs=0.005)
    assert (surface.gradient_norms > 1).mean() == pytest.approx(0.0037, abs=0.001)
    assert surface.steepest[0] > 100
    longest, w, b = surface.steepest
    assert math.hypot(*by_hand(w, b)[1:]) == pytest.approx(longest, rel=1e-4)


def test_the_more_an_lstm_unit_keeps_the_higher_its_wall():
    walls = [error_surface(UnitSurface(unit="lstm", forget_bias=bias)).highest_wall for bias in (-4.0, -2.0, 0.0, 1.0, 2.0)]
    assert walls == sorted(walls)
    assert walls[0] > 0.05
    assert walls[-1] > 4 * walls[0]


def test_on_the_wall_the_unclipped_step_jumps_and_the_clipped_one_stays():
    record = gradient_descent(UnitDescent(w=4.94, b=-2.575, rate=0.01, threshold=1.0, steps=1))
    assert record.places[0, 1] == pytest.approx([22.48, 25.62], abs=0.01)
    assert record.places[1, 1] == pytest.approx([4.9453, -2.5665], abs=1e-4)
    assert record.errors[1, 1] == pytest.approx(0.0105, abs=1e-4)
    assert record.lengths[0, 0] > 1000 * record.lengths[1, 0]
    assert record.leaves(0, WINDOWS["rnn"]) == 1
    assert record.leaves(1, WINDOWS["rnn"]) is None


def test_every_step_is_the_rule_and_clipping_keeps_the_direction():
    record = gradient_descent(UnitDescent(w=4.94, b=-2.575, rate=0.02, threshold=0.5, steps=6))
    for path, threshold in ((0, math.inf), (1, 0.5)):
        for step in range(6):
            w, b = record.places[path, step]
            error, *gradient = by_hand(w, b)
            factor = min(1.0, threshold / max(math.hypot(*gradient), 1e-300))
            assert record.errors[path, step] == pytest.approx(error, rel=1e-6)
            assert record.clipped[path, step] == (factor < 1)
            moved = record.places[path, step + 1] - record.places[path, step]
            assert moved == pytest.approx([-0.02 * factor * each for each in gradient], rel=1e-5, abs=1e-15)


def test_a_threshold_of_0_goes_nowhere():
    record = gradient_descent(UnitDescent(threshold=0.0, steps=4))
    assert (record.places[1] == record.places[1, 0]).all()
    assert (record.lengths[0] > 0).all()


def test_a_learning_rate_of_a_million_is_kept_as_it_comes():
    record = gradient_descent(UnitDescent(w=4.94, b=-2.575, rate=1e6, threshold=1.0, steps=5))
    assert record.lengths[0, 0] > 1e9
    assert record.lengths[1, 0] == pytest.approx(1e6)
    assert np.isfinite(record.errors).all()  # σ is never more than 1


def test_the_gradient_at_the_start_is_held_against_finite_differences():
    assert gradient_descent(UnitDescent(steps=1)).agreement.relative_error < 1e-6
    assert gradient_descent(UnitDescent(w=4.94, b=-2.575, steps=1)).agreement.relative_error < 0.01


def test_a_forget_bias_is_only_the_lstm_units():
    assert Unit(forget_bias=2.0) == Unit()
    with pytest.raises(ConfigError, match="unit must be one of rnn, lstm"):
        Unit(unit="gru")
