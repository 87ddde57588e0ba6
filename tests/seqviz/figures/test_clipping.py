"""Figures of clipping say what the record says: how often, how much, how far turned, and where a run ended."""

import numpy as np
import pytest

from seqviz.figures.clipping import clipped_norms_figure, recovery_figure, turn_figure, turns
from seqviz.records import Metrics


def recorded(norms, applied=None, cosine=1.0, loss=1.0, first=1):
    norms = np.asarray(norms, dtype=float)
    applied = norms if applied is None else np.asarray(applied, dtype=float)
    count = len(norms)
    return Metrics(
        step=np.arange(first, first + count), loss=np.full(count, loss), metric=np.zeros(count), gradient_norm=norms,
        applied_norm=applied, clipped=applied < norms,
        cosine=None if cosine is None else np.broadcast_to(cosine, count).astype(float),
    )  # fmt: skip


def finding(drawn):
    return drawn.layout.meta["finding"]


def traces(drawn):
    return {trace.name: trace for trace in drawn.data}


def test_norms_stand_before_and_after_with_the_threshold():
    drawn = clipped_norms_figure(recorded([0.5, 4.0, 2.0], [0.5, 1.0, 1.0]), "norm", 1.0)
    assert finding(drawn) == "Clipped by norm: 2 of 3 steps (67 %); the largest gradient, of norm 4, was cut to 1."
    named = traces(drawn)
    np.testing.assert_array_equal(named["before clipping"].y, [0.5, 4.0, 2.0])
    np.testing.assert_array_equal(named["after clipping"].y, [0.5, 1.0, 1.0])
    assert set(named["threshold 1"].y) == {1.0}


def test_by_value_has_no_line_and_without_clipping_no_second_curve():
    assert "threshold 1" not in traces(clipped_norms_figure(recorded([4.0], [1.5]), "value", 1.0))
    drawn = clipped_norms_figure(recorded([4.0, 9.0]), "off", 1.0)
    assert list(traces(drawn)) == ["before clipping"]
    assert finding(drawn) == "Without clipping: the largest of 2 steps had a gradient of norm 9, applied as it was."


def test_a_gradient_never_above_the_threshold_is_said_so():
    assert finding(clipped_norms_figure(recorded([0.5]), "norm", 1.0)) == (
        "Clipped by norm: none of 1 step; the largest gradient has norm 0.5."
    )


def test_no_step_is_no_figure():
    drawn = clipped_norms_figure(recorded([]), "norm", 1.0)
    assert drawn.layout.meta["empty"]
    assert finding(drawn) == "No step has been trained yet."


def test_turns_are_angles_in_degrees():
    np.testing.assert_allclose(turns(recorded([1.0, 1.0], cosine=[np.sqrt(0.5), 0.5])), [45.0, 60.0])
    assert np.isnan(turns(recorded([1.0], cosine=None))).all()


def test_the_turn_is_told_of_the_steps_that_were_clipped():
    straight = recorded([4.0, 0.5], [1.0, 0.5], cosine=[1.0 - 1e-16, 1.0])
    turned = recorded([4.0, 4.0, 0.5], [1.0, 1.0, 0.5], cosine=[0.5, np.sqrt(0.5), 1.0])
    drawn = turn_figure({"norm": straight, "value": turned})
    assert finding(drawn) == (
        "By norm the direction stays at the one step that was clipped; by value it turns, by up to 60° (median 52°)."
    )
    assert finding(turn_figure({"norm": recorded([0.5])})) == "Nothing was clipped, so nothing was turned."


def test_a_run_without_recorded_angles_is_left_out():
    assert turn_figure({"value": recorded([4.0], [1.0], cosine=None)}).layout.meta["empty"]


DIVERGED = recorded([1.0, 2.0, 50.0, 6e18])


def test_divergence_is_told_with_the_growth_the_step_and_the_reason():
    drawn = recovery_figure(DIVERGED, 2, ended="step 5: the loss is infinite")
    assert finding(drawn) == (
        "Its gradient's norm grew from 1 to 6·10¹⁸ at step 4; it stopped at step 5: the loss is infinite. "
        "Step 2 was its last good one."
    )
    assert drawn.layout.shapes[0].x0 == 2


@pytest.mark.parametrize(
    ("child_ended", "told"),
    [
        ("", "it went on to step 5: its loss is 0.25."),
        ("step 6: the loss is infinite", "it stopped again at step 6: the loss is infinite."),
    ],
)  # fmt: skip
def test_the_run_that_goes_on_is_told_as_it_ended(child_ended, told):
    child = recorded([9.0, 3.0, 2.0], [1.0, 1.0, 1.0], loss=0.25, first=3)
    drawn = recovery_figure(DIVERGED, 2, child, ended="step 5: the loss is infinite", child_ended=child_ended)
    assert finding(drawn).endswith(f"From step 2, with clipping on, {told}")
    assert list(traces(drawn)) == ["without clipping", "with clipping on: before", "with clipping on: after"]


def test_a_run_whose_first_step_diverged_is_told_so():
    drawn = recovery_figure(recorded([]), 0, ended="step 1: the loss is infinite")
    assert finding(drawn) == "It stopped at step 1: the loss is infinite. There is no good step to go on from."
    assert drawn.layout.meta["empty"]


def test_a_run_that_did_not_diverge_is_not_said_to_have():
    assert finding(recovery_figure(recorded([1.0, 3.0]), None)) == (
        "Without clipping it did not diverge in 2 steps; its largest gradient has norm 3, at step 2."
    )
