"""Figures of a nudge say what their numbers say: how far, how right, and where no longer."""

import numpy as np
import pytest

from seqviz.figures.nudge import error_slope, nudge_error_figure, nudge_figure
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
    assert "it is off by up to 50 % in the RNN." in drawn.layout.meta["finding"]
    marked = {trace.name: len(trace.x) for trace in drawn.data if "more than 10% off" in trace.name and not trace.showlegend}
    assert marked == {"RNN, more than 10% off": 6, "LSTM, more than 10% off": 0, "more than 10% off": 0}


def test_what_float64_cannot_hold_is_not_judged():
    tiny = record(decay=1e-30, later=2)
    assert "The gradient says so" in nudge_figure({"rnn": tiny}, 2).layout.meta["finding"]  # at once, where it can
    nothing = Nudge(
        time=0, sizes=SIZES, changes=np.zeros((5, 2)), predicted=np.zeros(2), errors=np.zeros((5, 2)), agreement=AGREEMENT
    )  # fmt: skip
    said = nudge_figure({"rnn": nothing}, 2).layout.meta["finding"]
    assert said.startswith("Nudged by 0.01 at t = 0, the state 1 step later is off by less than 10⁻¹⁵ in the RNN.")
    assert said.endswith("Nothing of it is large enough for float64 to hold against the gradient.")
    assert "too little is left" in nudge_error_figure({"rnn": nothing}, 2, 1).layout.meta["finding"]


def test_the_slope_of_the_error_is_first_order():
    assert error_slope(record(), 3) == pytest.approx(1)
    said = nudge_error_figure({"rnn": record(curvature=0.5)}, 1, 3).layout.meta["finding"]
    assert said == (
        "3 steps later, a nudge ten times smaller makes the gradient's relative error smaller 10 times; "
        "it exceeds 10 % from ε = 1 on in the RNN."
    )


def test_no_network_is_said():
    assert nudge_figure({}, 0).layout.meta["finding"] == "No network is chosen."
