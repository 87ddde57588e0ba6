"""What a study's shipped result says is of today's experiments, and agrees with the networks that come with the app."""

from pathlib import Path

import numpy as np
import pytest

from seqviz.cards import read_cards
from seqviz.pretrain.studying import attention_of, measure_translation
from seqviz.recipes.studies import attention_study, studies
from seqviz.store import Store
from seqviz.studies import read_study

SHIPPED = Path(__file__).parents[3] / "pretrained"
ROWS = {(row.arm, row.seed): row for row in read_study(SHIPPED, "attention").rows}
ARMS = ("additive", "dot", "general", "scaled", "none")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(str(tmp_path_factory.mktemp("own")), str(SHIPPED))


def test_every_study_has_been_done():
    assert {file.stem for file in (SHIPPED / "studies").glob("*.json")} == set(studies())


@pytest.mark.parametrize("study", studies().values(), ids=studies())
def test_a_result_is_titled_as_its_study_is_and_has_every_seed(study):
    result = read_study(SHIPPED, study.name)
    assert result.title == study.title
    assert all(tuple(row.seed for row in result.of(arm)) == tuple(study.seeds) for arm in study.arms)


def test_every_row_is_of_todays_experiment():
    study = attention_study()
    assert set(ROWS) == {(arm, seed) for arm in study.arms for seed in study.seeds}
    assert all(row.run == study.experiment(arm, seed).run_id for (arm, seed), row in ROWS.items())


def test_the_first_seed_is_that_of_the_networks_that_come_with_the_app():
    cards = read_cards(SHIPPED)
    assert {ROWS[arm, 0].run for arm in ARMS} == {cards[f"translation-{arm}"].run for arm in ARMS}


@pytest.mark.parametrize("arm", ARMS)
def test_rows_whose_weights_ship_are_what_an_examination_of_them_gives(store, arm):
    row = ROWS[arm, 0]
    again = measure_translation(store, row.run)
    assert again.keys() == row.measures.keys()
    for name, value in again.items():
        assert value == pytest.approx(row.measures[name], rel=1e-3, abs=5e-3 if name == "exact" else 1e-3), name


@pytest.mark.parametrize("arm", ["additive", "none"])
def test_kept_attention_is_that_of_the_networks_that_come_with_the_app(store, arm):
    kept, again = ROWS[arm, 0].attention, attention_of(attention_study(), store, ROWS[arm, 0].run)
    assert kept.keys() == again.keys()
    assert len(kept) == (12 if arm == "additive" else 0)
    for text, weights in again.items():
        np.testing.assert_allclose(kept[text], weights, atol=2e-3)


@pytest.mark.parametrize(("arm", "seed"), list(ROWS))
def test_kept_attention_has_a_share_for_each_pair_of_words(arm, seed):
    texts = dict(attention_study().texts)
    for text, weights in ROWS[arm, seed].attention.items():
        assert np.shape(weights) == (len(texts[text].split()), len(text.split()))
        np.testing.assert_allclose(np.sum(weights, axis=1), 1, atol=2e-3)
