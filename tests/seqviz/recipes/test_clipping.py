"""What is said of the runs on clipping is true of them; a run that diverged is gone back to, and keeps its record."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seqviz.cards import read_cards
from seqviz.experiment.clipping import Explosion, arm_of, resumed
from seqviz.jobs.training import train_run
from seqviz.measures.recovery import last_good_step
from seqviz.recipes.clipping import clipping_recipes, optimizer_study, sweep_study
from seqviz.settings import settings
from seqviz.store import Store
from seqviz.studies import read_study
from seqviz.training import Trainer

SHIPPED = Path(__file__).parents[3] / "pretrained"
CARDS = read_cards(SHIPPED)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    return Store(str(tmp_path_factory.mktemp("own")), str(SHIPPED))


def metrics(store, name):
    return store.open(CARDS[f"clipping-{name}"].run).metrics


def test_each_run_is_small():
    for name in clipping_recipes():
        folder = SHIPPED / "runs" / CARDS[name].run
        assert sum(file.stat().st_size for file in folder.iterdir()) <= 150_000


def test_they_begin_alike(shipped):
    losses = {float(metrics(shipped, name).loss[0]) for name in ("norm", "value", "off")}
    assert len(losses) == 1


def test_findings_of_the_short_ones_both_learn_while_clipped_and_without_clipping_it_ends_at_infinity(shipped):
    for name in ("short-norm", "short-value"):
        found = metrics(shipped, name)
        assert found.loss[-200:].mean() < 0.5 / 6
        assert 0.05 < found.clipped.mean() < 0.95
    assert (metrics(shipped, "short-value").cosine[metrics(shipped, "short-value").clipped] < 1).all()
    run = shipped.open(CARDS["clipping-short-off"].run)
    assert run.status.state == "diverged"
    assert "the loss is infinite" in run.status.message


def test_finding_of_norm_scaled_to_length_one_with_its_direction_kept_and_never_thrown_off(shipped):
    found = metrics(shipped, "norm")
    np.testing.assert_allclose(found.cosine, 1.0, atol=1e-12)
    np.testing.assert_allclose(found.applied_norm[found.clipped], 1.0, rtol=1e-12)
    assert found.loss[100:].max() < 1.0


def test_finding_of_value_the_direction_turns(shipped):
    found = metrics(shipped, "value")
    assert (found.cosine[found.clipped] < 1).all()
    assert np.degrees(np.arccos(found.cosine.min())) > 5
    np.testing.assert_allclose(found.cosine[~found.clipped], 1.0, atol=1e-12)


def test_finding_of_off_a_few_steps_too_long_and_then_infinity(shipped):
    run = shipped.open(CARDS["clipping-off"].run)
    assert run.status.state == "diverged"
    assert "the loss is infinite" in run.status.message
    assert run.metrics.gradient_norm[:4].max() < 200 < run.metrics.gradient_norm[4:].min()
    assert run.metrics.gradient_norm.max() > 1e19


def test_a_diverged_run_goes_on_with_clipping_and_keeps_its_record(shipped):
    off = Explosion().trained("off")
    before = shipped.open(off.run_id)
    good = last_good_step(before.metrics)
    child = resumed(off, good, 1.0)
    child = replace(child, training=replace(child.training, steps=20))
    done = train_run(child, shipped, replace(settings().store, snapshot_bytes=0), ancestors=(off,), device="cpu")
    assert (done.state, done.steps_done) == ("done", good + 20)
    assert all(np.isfinite(array).all() for array in shipped.checkpoint(child.run_id).values())
    after = shipped.open(off.run_id)
    assert after.status == before.status
    np.testing.assert_array_equal(after.metrics.loss, before.metrics.loss)
    parent = Trainer(off)  # its child begins with the very weights that it had then
    while parent.steps_done < good:
        parent.step()
    assert shipped.open(child.run_id).metrics.loss[0] == parent.step().loss


@pytest.mark.parametrize("study", [optimizer_study(), sweep_study()], ids=lambda study: study.name)
def test_every_row_is_of_todays_experiment(study):
    rows = {(row.arm, row.seed): row.run for row in read_study(SHIPPED, study.name).rows}
    assert rows == {(arm, seed): study.experiment(arm, seed).run_id for arm in study.arms for seed in study.seeds}
    assert len(study.seeds) >= 5


@pytest.mark.parametrize("length", [30, 40])
def test_clipping_is_what_solves_temporal_order_at_the_longer_lengths(length):
    result = read_study(SHIPPED, "temporal-order")
    solved = {clip: int((result.values(arm_of(length, clip), "errors") < 0.01).sum()) for clip in ("off", "norm")}
    assert solved == {"off": 0, "norm": 5}


def test_a_row_of_the_optimizers_study_is_what_training_gives_today():
    study = optimizer_study()
    row = next(row for row in read_study(SHIPPED, study.name).rows if row.arm == "adam")
    trainer = Trainer(study.experiment("adam", row.seed))
    losses = [trainer.step().loss for _ in range(50)]
    assert row.curves["loss"][0] == pytest.approx(np.mean(losses), rel=2e-3)
