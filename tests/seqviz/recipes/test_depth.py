"""What is shipped of feed-forward networks is of today's experiments, and shows what is said of it."""

from pathlib import Path

import numpy as np
import pytest

from seqviz.answers.layers import layer_curves
from seqviz.cards import read_cards
from seqviz.experiment.feedforward import CONNECTIONS
from seqviz.jobs.training import train_run
from seqviz.recipes.depth import DEPTHS, activation_study, connection_study, depth_recipes
from seqviz.settings import settings
from seqviz.store import Store
from seqviz.studies import SEEDS, read_study

SHIPPED = Path(__file__).parents[3] / "pretrained"
STUDY = activation_study()
RESULT = read_study(SHIPPED, "activations")


def test_every_row_is_of_todays_experiment():
    assert {(row.arm, row.seed): row.run for row in RESULT.rows} == {
        (arm, seed): STUDY.experiment(arm, seed).run_id for arm in STUDY.arms for seed in SEEDS
    }


def test_over_five_seeds_only_the_plain_network_guesses_and_loses_the_gradient():
    study, result = connection_study(), read_study(SHIPPED, "connections")
    assert {(row.arm, row.seed): row.run for row in result.rows} == {
        (arm, seed): study.experiment(arm, seed).run_id for arm in study.arms for seed in SEEDS
    }
    assert {row.run for row in result.rows if row.seed == 0} == {read_cards(SHIPPED)[f"depth-{arm}"].run for arm in study.arms}
    assert result.values("plain", "before").max() < 1e-6
    assert abs(result.values("plain", "metric") - 0.5).max() < 0.02
    assert min(result.values(arm, "metric").min() for arm in ("residual", "dense", "highway")) > 0.9


def lowest(activation, depth):
    """The median over seeds of the lowest layer's sum, by moment."""
    return np.median(RESULT.curves(f"{activation}-{depth}", "1"), axis=0)


@pytest.mark.parametrize("depth", DEPTHS)
def test_the_sigmoids_lowest_layer_lies_under_relus_throughout(depth):
    assert (lowest("sigmoid", depth) < lowest("relu", depth)).all()


def test_the_more_the_deeper():
    shares = [float(np.median(lowest("sigmoid", depth) / lowest("relu", depth))) for depth in DEPTHS]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < shares[0] / 1000


def test_a_row_is_what_training_gives_again(tmp_path):
    store, experiment = Store(str(tmp_path)), STUDY.experiment("relu-2", 0)
    train_run(experiment, store, settings().store, device="cpu")
    again = layer_curves(store, experiment.run_id)
    kept = {name: RESULT.curves("relu-2", name)[0] for name in again}
    for name, values in again.items():
        np.testing.assert_allclose(values, kept[name], rtol=0.02)


def test_the_networks_that_ship_differ_in_their_connections_alone():
    cards, recipes = read_cards(SHIPPED), depth_recipes()
    experiments = [recipes[f"depth-{kind}"].experiment for kind in CONNECTIONS]
    assert [cards[f"depth-{kind}"].run for kind in CONNECTIONS] == [one.run_id for one in experiments]
    assert len({(one.task, one.training, one.seed, one.model.depth, one.model.hidden_size) for one in experiments}) == 1
