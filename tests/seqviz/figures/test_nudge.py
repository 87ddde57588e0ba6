"""Figures of a nudge say what their numbers say: how far, how right, and where no longer."""

from dataclasses import replace

import numpy as np
import pytest

from seqviz.figures.nudge import checks, error_slope, nudge_error_figure, nudge_figure
from seqviz.records import Agreement, Nudge

SIZES = np.array([1e-4, 1e-3, 1e-2, 1e-1, 1.0])
AGREEMENT = Agreement(relative_error=1e-9, gradient=1.0, difference=1.0)


def record(curvature=0.1, decay=0.5, later=6):
    """A change of ε·p + curvature·ε²·p, p falling by ``decay`` at each step."""
    predicted = decay ** np.arange(later)
    errors = curvature * SIZES[:, None] ** 2 * predicted
    changes = SIZES[:, None] * predicted + errors
    return Nudge(time=2, sizes=SIZES, changes=changes, predicted=predicted, errors=errors, agreement=AGREEMENT)


def test_small_nudge_is_foretold_and_the_title_says_how_well():
    drawn = nudge_figure({"rnn": record(), "gru": record(decay=1.0)}, 2)
    assert drawn.layout.meta["finding"] == (
        "Nudged by 0.01 at t = 2, the state 5 steps later is off by 3.1·10⁻⁴ in the RNN and 0.01 in the GRU. "
        "The gradient says so to within 0.1 %, at every step."
    )
    exact, foretold = drawn.data[0], drawn.data[1]
    assert (exact.name, foretold.name) == ("RNN", "RNN, by the gradient")
    np.testing.assert_allclose(exact.y, record().changes[2])
    np.testing.assert_allclose(foretold.y, 0.01 * record().predicted)


def test_a_nudge_too_large_for_a_straight_line_is_marked_and_named():
    drawn = nudge_figure({"rnn": record(curvature=0.5), "lstm": record(curvature=0.01)}, 4)
    assert drawn.layout.meta["finding"].endswith(
        "That is too much for the gradient, which is a straight line: in the RNN it is off by up to 33 %; "
        "in the LSTM it is right to within 0.99 %."
    )  # 0.5 of the predicted change, which is 1.5 times that, is a third of the measured change
    marked = {
        trace.name: len(trace.x) for trace in drawn.data if "more than 10% off" in trace.name and trace.showlegend is False
    }
    assert marked == {"RNN, more than 10% off": 6, "LSTM, more than 10% off": 0}


def held(changes, predicted):
    """Changes of one number along one direction, so that the error is their difference."""
    changes, predicted = np.broadcast_to(changes, (5, len(predicted))), np.array(predicted, dtype=float)
    errors = np.abs(changes - SIZES[:, None] * predicted)
    return Nudge(time=0, sizes=SIZES, changes=changes, predicted=predicted, errors=errors, agreement=AGREEMENT)


def test_a_change_foretold_many_times_over_is_told_as_a_multiple_of_the_change_measured():
    said = nudge_figure({"rnn": held([0.1, 5.0], [1.0, 1e7])}, 3).layout.meta["finding"]
    assert "in the RNN it foretells 2·10⁵ times what happens (at n = 1)." in said
    said = nudge_figure({"rnn": held([0.1, 5.0], [1.0, 0.05])}, 3).layout.meta["finding"]
    assert "in the RNN it foretells 0.001 times what happens (at n = 1)." in said


def test_a_change_too_small_to_measure_is_never_agreement_nor_disagreement():
    small = held([0.01, 1e-15, 3e-14], [1.0, 1e-13, 1e-20])
    drawn = nudge_figure({"rnn": small, "gru": record(later=3)}, 2)
    assert drawn.layout.meta["finding"] == (
        "Nudged by 0.01 at t = 0, the state 2 steps later is off by 0.0025 in the GRU, and by less than 10⁻¹³, too little to "
        "measure, in the RNN. The gradient says so to within 0.1 %, at every step where it can be measured."
    )
    assert np.isnan(small.relative_errors[2, 1:]).all()
    apart = {trace.name: list(trace.x) for trace in drawn.data if "too small to measure" in trace.name}
    assert apart["RNN, too small to measure (under 10⁻¹³)"] == [1, 2]
    assert np.isnan(drawn.data[0].y[1:]).all()
    assert -17 <= drawn.layout.yaxis.range[0] < -13  # not down to 10⁻²², which would flatten all that is measured


def test_much_foretold_where_nothing_can_be_measured_is_a_disagreement():
    said = nudge_figure({"rnn": held([0.01, 1e-16], [1.0, 1.0])}, 2).layout.meta["finding"]
    assert "in the RNN it foretells at least 10¹¹ times what happens (at n = 1)." in said


NOTHING = Nudge(
    time=0, sizes=SIZES, changes=np.zeros((5, 2)), predicted=np.zeros(2), errors=np.zeros((5, 2)), agreement=AGREEMENT
)  # fmt: skip


def test_what_float64_cannot_hold_is_not_judged():
    said = nudge_figure({"rnn": NOTHING}, 2).layout.meta["finding"]
    assert said.startswith(
        "Nudged by 0.01 at t = 0, the state 1 step later is off by less than 10⁻¹³, too little to measure, in the RNN."
    )
    assert said.endswith("All of it is too small for float64 to measure, so nothing can be held against the gradient.")
    assert "too little is left" in nudge_error_figure({"rnn": NOTHING}, 2, 1).layout.meta["finding"]


def test_a_network_that_cannot_be_judged_is_named_with_the_reason():
    records = {"rnn": NOTHING, "lstm": record(later=2)}
    assert nudge_figure(records, 2).layout.meta["finding"].endswith(" In the RNN all of it is too small to measure.")
    steep = held(5.0, [1e7, 1e7])
    said = nudge_error_figure({**records, "gru": steep}, 2, 1).layout.meta["finding"]
    assert "in the RNN too little is left of the nudge to measure" in said
    assert said.endswith("in the GRU the nudges that can be measured are too large for a straight line.")


def test_networks_with_the_same_reason_stand_together():
    said = nudge_error_figure({"rnn": NOTHING, "gru": NOTHING}, 2, 1).layout.meta["finding"]
    assert said.endswith("cannot be told: in the RNN and the GRU too little is left of the nudge to measure.")


def test_signs_stand_in_the_legend_for_every_network_alike():
    told = [trace.name for trace in nudge_figure({"rnn": record()}, 2).data if trace.showlegend is None and trace.name != "RNN"]
    assert told == ["measured", "by the gradient", "more than 10% off"]
    assert all(len(trace.x) == 1 for trace in nudge_figure({"rnn": record()}, 2).data if trace.name in told)


def test_a_failed_check_is_explained_where_the_gradient_is_too_steep_for_it():
    failed = Agreement(relative_error=0.99, gradient=1.4e7, difference=7.0)
    assert checks({"gru": record(), "rnn": replace(record(), agreement=failed)}) == (
        f"GRU {AGREEMENT.sentence}; RNN {failed.sentence} (the gradient foretells 1.4·10⁷ times the nudge: even the smallest "
        "that the check can make is too large for a straight line)"
    )


def test_the_slope_of_the_error_is_first_order():
    assert error_slope(record(), 3) == pytest.approx(1, rel=0.01)  # the change measured is itself a little larger than ε
    said = nudge_error_figure({"rnn": record(curvature=0.5)}, 1, 3).layout.meta["finding"]
    assert said == (
        "3 steps later, a nudge ten times smaller makes the gradient's relative error 10 times smaller; "
        "it exceeds 10 % from ε = 1 on in the RNN."
    )


def test_no_network_is_said():
    assert nudge_figure({}, 0).layout.meta["finding"] == "No network is chosen."
