"""The networks said to have arrived are those that have: over seeds, live, and at an earlier moment."""

from dataclasses import replace

import numpy as np
import pytest

from seqviz.figures.race import BEFORE, Course, band_figure, race_figure, reached_figure
from seqviz.records import Metrics
from seqviz.records.learning import GOALS
from seqviz.studies import StudyResult, StudyRow

COURSE = Course(
    titles={"a": "LSTM", "b": "small random", "c": "orthogonal"},
    roles={"a": "lstm", "b": "small start", "c": "orthogonal start"},
    goal=GOALS["adding"], column="loss", axis="squared error", baseline=("always answering 1: 1/6", 1 / 6),
)  # fmt: skip


def row(arm, seed, curve, steps=None):
    measures = {"loss": curve[-1]} | ({} if steps is None else {"steps": float(steps)})
    return StudyRow(arm=arm, seed=seed, run="0" * 20, measures=measures, step_seconds=0.0, attention={}, curves={"loss": curve})


def result(*rows):
    return StudyResult(name="x", title="X.", machine="", versions={}, rows=rows)


def run(losses):
    loss = np.asarray(losses, dtype=float)
    zeros = np.zeros(len(loss))
    return Metrics(
        step=np.arange(1, len(loss) + 1), loss=loss, metric=zeros, gradient_norm=zeros, applied_norm=zeros, clipped=zeros > 0
    )


def finding(figure):
    return figure.layout.meta["finding"]


def test_the_band_reaches_from_the_lowest_seed_to_the_highest():
    found = result(
        row("a", 0, [0.2, 0.005], 90), row("a", 1, [0.1, 0.004], 70), row("b", 0, [0.2, 0.2]), row("b", 1, [0.2, 0.1])
    )
    drawn = band_figure(found, COURSE, {"a": 100, "b": 100})
    curves = {trace.name: trace for trace in drawn.data}
    np.testing.assert_allclose(curves["LSTM, range"].y, [0.2, 0.005, 0.004, 0.1])
    np.testing.assert_allclose(curves["LSTM"].y, [0.15, 0.0045])
    assert list(curves["LSTM"].x) == [50, 100]
    assert finding(drawn) == (
        "A loss below 0.01 is reached by LSTM at step 80 (70 to 90); not by small random within 100 steps. "
        "Each step is the median of 2 seeds, with their range in brackets."
    )


def test_seeds_that_are_never_there_are_counted():
    rows = [row("a", seed, [0.1], steps) for seed, steps in enumerate((60, 70, None))]
    rows += [row("c", seed, [0.1], steps) for seed, steps in enumerate((90, None, None))]
    said = finding(band_figure(result(*rows), COURSE, {"a": 50, "c": 50}))
    assert "LSTM at step 70 (60 to 70 in the 2 of 3 seeds that get there) and orthogonal by 1 of 3 seeds" in said


def test_every_seed_is_a_dot_or_a_cross_at_its_last_step():
    rows = [row("a", seed, [0.1], steps) for seed, steps in enumerate((60, None, 80))]
    drawn = reached_figure(result(*rows, row("b", 0, [0.2])), COURSE, {"a": 100, "b": 50})
    dots, crosses, median, _, never, none = drawn.data
    assert (list(dots.x), list(crosses.x), list(median.x)) == ([60, 80], [100], [80, 80])
    assert dots.customdata[1].tolist() == ["2", "there at step"]
    assert (list(never.x), list(none.x)) == ([50], [])
    assert finding(drawn).startswith("Seeds that get there: 2 of 3 with LSTM and 0 of 1 with small random; a cross is one ")


def test_where_bands_would_hide_each_other_seeds_are_lines():
    drawn = band_figure(result(row("a", 0, [0.2]), row("a", 1, [0.1])), replace(COURSE, banded=False), {"a": 50})
    assert {trace.name for trace in drawn.data} >= {"LSTM, seed 0", "LSTM, seed 1", "LSTM"}
    assert "LSTM, range" not in {trace.name for trace in drawn.data}


def test_curves_that_may_hide_each_other_are_told_apart_by_dash():
    drawn = band_figure(
        result(row("a", 0, [0.2]), row("b", 0, [0.2])), replace(COURSE, dashes={"b": "dot"}), {"a": 50, "b": 50}
    )
    curves = {trace.name: trace.line.dash for trace in drawn.data}
    assert (curves["LSTM"], curves["small random"]) == ("solid", "dot")


def test_nobody_is_said_too():
    said = finding(band_figure(result(row("b", 0, [0.2]), row("c", 0, [0.2])), COURSE, {"b": 50, "c": 50}))
    assert said == "Nobody reaches a loss below 0.01; not by small random and orthogonal within 50 steps."


def test_a_live_race_tells_who_is_there_and_where_the_others_are():
    runs = {"a": run([0.2] * 60 + [0.0] * 60), "b": run([0.2] * 120)}
    drawn = race_figure(runs, COURSE)
    assert finding(drawn) == (
        "A loss below 0.01 is reached by LSTM at step 108; not yet: small random (0.2 after 120) (means of up to 50 steps)."
    )
    assert race_figure(runs, COURSE, at=0).layout.meta["finding"] == BEFORE
    assert finding(race_figure(runs, COURSE, at=100)).startswith("Nobody has reached a loss below 0.01 yet: LSTM (")


def test_a_race_that_is_over_is_not_said_to_go_on():
    runs, steps = {"a": run([0.2] * 60 + [0.0] * 60), "b": run([0.2] * 120)}, {"a": 120, "b": 120}
    assert "; not by the last step: small random (0.2 after 120) (means" in finding(race_figure(runs, COURSE, steps=steps))
    assert "; not yet: small random (0.2 after 119)" in finding(race_figure(runs, COURSE, steps=steps, at=119))
    assert finding(race_figure({"b": runs["b"]}, COURSE, steps=steps)) == (
        "Nobody has reached a loss below 0.01: small random (0.2 after 120) (means of up to 50 steps)."
    )


def test_who_must_stay_there_is_there_where_the_curve_that_is_drawn_says_so():
    course = replace(COURSE, lasting=True)
    comes_and_goes = [0.2, 0.001, 0.3, 0.001, 0.001]
    found = result(
        row("a", 0, comes_and_goes, 60), row("a", 1, [0.2, 0.2, 0.2, 0.2, 0.001], 205), row("b", 0, [0.001, 0.2], 50)
    )
    assert finding(band_figure(found, course, {"a": 250, "b": 250})).startswith(
        "A loss that stays below 0.01 is reached by LSTM at step 225 (200 to 250); not by small random within 250 steps."
    )
    alike = result(row("a", 0, [0.2, 0.001]), row("a", 1, [0.2, 0.002]))
    assert "by LSTM at step 100 (every seed)." in finding(band_figure(alike, course, {"a": 100}))
    live = race_figure({"a": run(np.repeat(comes_and_goes, 50)), "b": run([0.001] * 50 + [0.2] * 60)}, course)
    assert finding(live).startswith("A loss that stays below 0.01 is reached by LSTM at step 200; not yet: small random (0.2 ")


@pytest.mark.parametrize("count", [0, 20])
def test_too_few_steps_to_draw_stand_too(count):
    drawn = race_figure({"a": run([0.2] * count)}, COURSE)
    assert drawn.layout.meta["empty"]
