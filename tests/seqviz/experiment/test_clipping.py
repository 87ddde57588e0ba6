"""The experiments on clipping differ in what they compare, and in nothing else."""

from dataclasses import replace

from seqviz.experiment import OPTIMIZERS
from seqviz.experiment.clipping import RATES, Explosion, race, resumed, temporal_order


def test_ways_to_clip_begin_from_the_same_start():
    one, other = Explosion().trained("norm", 1.0), Explosion().trained("value", 0.1)
    assert (one.task, one.model, one.seed) == (other.task, other.model, other.seed)
    assert replace(one.training, clip="off") == replace(other.training, clip="off")


def test_a_race_gives_each_optimizer_its_own_rate_times_the_factor():
    raced = race("norm", 1.0, 10.0)
    assert list(raced) == list(OPTIMIZERS) == list(RATES)
    assert {name: one.training.learning_rate for name, one in raced.items()} == {
        name: 10 * rate for name, rate in RATES.items()
    }
    assert len({(one.task, one.model, one.seed, one.training.threshold) for one in raced.values()}) == 1


def test_a_resumed_run_goes_to_the_same_end_with_clipping_on():
    diverged = Explosion(steps=300).trained("off")
    child = resumed(diverged, 21, 0.5)
    child.check_parent(diverged)
    assert (child.first_step, child.last_step) == (21, 300)
    assert (child.training.clip, child.training.threshold) == ("norm", 0.5)


def test_runs_of_the_sweep_differ_in_length_clipping_and_seed():
    one, other = temporal_order(20, "off", 3), temporal_order(20, "norm", 3)
    assert replace(one, training=other.training) == other
    assert temporal_order(30, "off", 3).task.length == 30
