"""The studies of how networks begin are of today's experiments, begin as training begins today, and bear out what is taught."""

from pathlib import Path

import numpy as np
import pytest

from seqviz.experiment.task import AddingConfig
from seqviz.recipes.initialisation import ARMS, race
from seqviz.recipes.studies import forget_bias_study, initialisation_study
from seqviz.records.learning import WINDOW
from seqviz.studies import read_study
from seqviz.training import Trainer

SHIPPED = Path(__file__).parents[3] / "pretrained"
STUDIES = {study.name: study for study in (initialisation_study(), initialisation_study(100), forget_bias_study())}
RESULTS = {name: read_study(SHIPPED, name) for name in STUDIES}


@pytest.mark.parametrize("name", list(STUDIES))
def test_every_row_is_of_todays_experiment(name):
    study, rows = STUDIES[name], RESULTS[name].rows
    assert {(row.arm, row.seed) for row in rows} == {(arm, seed) for arm in study.arms for seed in study.seeds}
    assert all(row.run == study.experiment(row.arm, row.seed).run_id for row in rows)


@pytest.mark.parametrize("name", list(STUDIES))
def test_every_curve_has_a_point_for_each_fifty_steps_and_tells_when_the_goal_was_reached(name):
    study = STUDIES[name]
    for row in RESULTS[name].rows:
        steps = study.arms[row.arm].training.steps
        assert {len(curve) for curve in row.curves.values()} == {steps // WINDOW}
        assert WINDOW <= row.measures.get("steps", steps) <= steps
        assert row.curves["loss"][-1] == pytest.approx(row.measures["loss"], rel=1e-3)


@pytest.mark.parametrize(
    ("name", "arm"),
    [("forget-bias", "chrono"), ("forget-bias", "1"), ("initialisation", "lstm"), ("initialisation-100", "gru")],
)
def test_curves_begin_as_training_begins_today(name, arm):
    trainer = Trainer(STUDIES[name].experiment(arm, 0))
    losses = [trainer.step().loss for _ in range(WINDOW)]
    assert np.mean(losses) == pytest.approx(RESULTS[name].of(arm)[0].curves["loss"][0], rel=2e-3)


def test_arms_differ_in_how_they_begin_and_in_nothing_of_the_task():
    experiments = [race(arm, length=120, steps=10, seed=7) for arm in ARMS]
    assert {one.task for one in experiments} == {AddingConfig(length=120)}
    assert {(one.seed, one.training.steps, one.model.hidden_size) for one in experiments} == {(7, 10, 64)}
    assert len({one.run_id for one in experiments}) == len(ARMS)


def test_lstm_gru_and_most_seeds_of_the_identity_reach_the_goal_and_tanh_rnns_do_not():
    steps = {arm: RESULTS["initialisation"].values(arm, "steps") for arm in ARMS}
    assert all(np.isfinite(steps[arm]).all() for arm in ("lstm", "gru"))
    assert np.isfinite(steps["identity"]).sum() >= 3
    assert all(np.isnan(steps[arm]).all() for arm in ("default", "small", "orthogonal"))
    assert max(steps["gru"].max(), steps["lstm"].max()) < np.nanmin(steps["identity"]) / 2


def test_at_length_100_no_tanh_rnn_gets_anywhere_while_gru_always_and_lstm_and_the_identity_mostly_reach_the_goal():
    result = RESULTS["initialisation-100"]
    steps = {arm: result.values(arm, "steps") for arm in result.arms}
    assert np.isfinite(steps["gru"]).all()
    assert all(np.isfinite(steps[arm]).sum() >= 3 for arm in ("lstm", "identity"))
    assert all(np.isnan(steps[arm]).all() for arm in ("default", "orthogonal"))
    assert min(result.values(arm, "loss").min() for arm in ("default", "orthogonal")) > 0.9 / 6


def test_chrono_is_the_quickest_on_every_seed_taken_together_and_bias_0_never_learns():
    steps = {arm: RESULTS["forget-bias"].values(arm, "steps") for arm in STUDIES["forget-bias"].arms}
    assert np.isnan(steps["0"]).all()
    assert np.isfinite(steps["chrono"]).all()
    others = [np.median(np.nan_to_num(steps[arm], nan=np.inf)) for arm in ("1", "3", "5")]
    assert np.median(steps["chrono"]) < min(others)
