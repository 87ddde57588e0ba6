"""What is said of positions and of three translators holds, of the shipped studies and of the models themselves."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from seqviz.cards import read_cards
from seqviz.experiment import TransformerConfig
from seqviz.experiment.task import CopyingConfig
from seqviz.models import build_network
from seqviz.recipes.transformer_studies import COPIERS, SEEDS, comparison_study, positions_study
from seqviz.studies import read_study
from seqviz.tasks import build_task

SHIPPED = Path(__file__).parents[3] / "pretrained"


@pytest.fixture(scope="module")
def positions():
    return read_study(SHIPPED, "positions")


def test_the_shipped_results_are_of_these_experiments(positions):
    for study, result in ((positions_study(), positions), (comparison_study(), read_study(SHIPPED, "comparison"))):
        wanted = {(arm, seed): study.experiment(arm, seed).run_id for arm in study.arms for seed in study.seeds}
        assert {(row.arm, row.seed): row.run for row in result.rows} == wanted
        assert (SHIPPED / "studies" / f"{study.name}.json").stat().st_size <= 40_000


def test_only_what_knows_positions_copies(positions):
    steps = {arm: positions.values(arm, "steps") for arm in COPIERS}
    assert all(len(each) == len(SEEDS) for each in steps.values())
    assert (steps["sinusoidal"] < steps["learned"]).all()
    assert np.isfinite(steps["learned"]).all()
    assert np.isnan([steps[arm] for arm in ("none", "lstm", "gru")]).all()
    assert (positions.values("sinusoidal", "metric") == 1).all()
    assert (positions.values("none", "metric") < 0.7).all()


def test_the_transformers_differ_in_their_positions_alone():
    models = [COPIERS[arm].model for arm in ("sinusoidal", "learned", "none")]
    assert {replace(model, positions="none") for model in models} == {models[-1]}
    assert len({COPIERS[arm].learning_rate for arm in ("sinusoidal", "learned", "none")}) == 1


@pytest.mark.parametrize(("layers", "positions", "alike"), [(1, "none", True), (1, "sinusoidal", False), (2, "none", False)])
def test_one_layer_without_positions_answers_alike_however_earlier_symbols_are_shuffled(layers, positions, alike):
    config = TransformerConfig(name="causal", layers=layers, heads=2, width=16, inner=32, positions=positions)
    model = build_network(
        config, input_size=10, output_size=9, answer="last", generator=torch.Generator().manual_seed(0)
    ).double()
    inputs, _ = build_task(CopyingConfig(length=5)).draw(2, torch.Generator().manual_seed(1))
    order = torch.cat([torch.randperm(24, generator=torch.Generator().manual_seed(2)), torch.tensor([24])])
    before, after = model(inputs.double()), model(inputs[:, order].double())
    assert torch.allclose(before, after, atol=1e-12) == alike


def test_the_three_translators_learned_the_same_task_from_as_many_batches():
    arms = comparison_study().arms.values()
    assert len({arm.task for arm in arms}) == 1
    assert {(arm.training.steps, arm.training.batch_size, arm.training.learning_rate) for arm in arms} == {(1500, 64, 0.003)}
    assert {(arm.training.clip, arm.training.threshold) for arm in arms} == {("norm", 1.0)}
    cards = read_cards(SHIPPED)
    exact = {row.arm: row.measures["exact"] for row in read_study(SHIPPED, "comparison").rows if row.seed == 0}
    assert exact == {arm: pytest.approx(cards[f"translation-{arm}"].exact) for arm in exact}
