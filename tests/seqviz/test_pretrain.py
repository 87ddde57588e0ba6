"""The runs that come with the app open, are what their cards say, and can be trained again."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seqviz.__main__ import main
from seqviz.cards import Card, read_cards
from seqviz.errors import StoreError
from seqviz.experiment import MODELS, Experiment
from seqviz.experiment.task import CharactersConfig
from seqviz.pretrain import bits_per_character, evaluate, pretrain, recipes, unseen
from seqviz.store import Store
from seqviz.store.texts import standard_library_name
from seqviz.training import Trainer

SHIPPED = Path(__file__).parents[2] / "pretrained"
CARDS = read_cards(SHIPPED)
NAMES = [f"{task}-{cell}" for task in ("adding", "characters") for cell in MODELS]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The runs that come with the app, above an empty store of one's own."""
    return Store(str(tmp_path_factory.mktemp("own")), str(SHIPPED))


@pytest.fixture
def brief(monkeypatch):
    """The same recipes, of a few steps each."""

    def shortened(text):
        return {
            name: replace(one, experiment=replace(one.experiment, training=replace(one.experiment.training, steps=3)))
            for name, one in recipes(text).items()
        }

    monkeypatch.setattr("seqviz.pretrain.recipes", shortened)


def has_text(card: Card) -> bool:
    return "python-" not in card.task or standard_library_name() in card.task


def test_every_recipe_has_been_trained():
    assert sorted(CARDS) == sorted(NAMES)
    assert set(Store(str(SHIPPED)).run_ids()) == {card.run for card in CARDS.values()}


def test_everything_that_comes_with_the_app_is_under_25_megabytes():
    assert sum(file.stat().st_size for file in SHIPPED.rglob("*") if file.is_file()) < 25_000_000


@pytest.mark.parametrize("name", NAMES)
def test_shipped_run_opens_and_matches_its_checksums(shipped, name):
    run = shipped.open(CARDS[name].run)
    assert run.pretrained
    assert run.status.state == "done"
    assert len(run.metrics.step) == run.status.steps_done == run.experiment.training.steps
    assert all(shipped.weights(run.id, step) for step in run.snapshot_steps)


@pytest.mark.parametrize("name", NAMES)
def test_shipped_run_is_of_todays_recipe(shipped, name):
    experiment = shipped.open(CARDS[name].run).experiment
    text = experiment.task.text if isinstance(experiment.task, CharactersConfig) else "python"
    assert recipes(text)[name].experiment == experiment


@pytest.mark.parametrize("name", [name for name in NAMES if has_text(CARDS[name])])
def test_card_of_shipped_run_matches_evaluation(shipped, name):
    card, again = CARDS[name], evaluate(shipped, CARDS[name].run)
    assert again.loss == pytest.approx(card.loss, rel=1e-3)
    assert again.metric == pytest.approx(card.metric, abs=2e-3)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("characters")])
def test_card_of_character_model_matches_text_that_every_machine_has(shipped, name):
    assert bits_per_character(shipped, CARDS[name].run, unseen()) == pytest.approx(CARDS[name].bits, rel=1e-4)


@pytest.mark.parametrize("name", [name for name in NAMES if has_text(CARDS[name])])
def test_shipped_run_begins_as_training_begins_today(shipped, name):
    run = shipped.open(CARDS[name].run)
    text = shipped.texts.read(run.experiment.task.text) if isinstance(run.experiment.task, CharactersConfig) else None
    trainer = Trainer(run.experiment, text=text)
    losses = [trainer.step().loss for _ in range(5)]
    np.testing.assert_allclose(losses, run.metrics.loss[:5], rtol=1e-4)


def test_lstm_and_gru_solve_the_adding_problem_and_the_tanh_rnn_does_not():
    constant = 1 / 6  # the variance of the sum of two numbers from U(0, 1): always answering 1
    assert CARDS["adding-lstm"].loss < 0.001
    assert CARDS["adding-gru"].loss < 0.001
    assert CARDS["adding-rnn"].loss > 0.9 * constant


def test_pretrain_writes_a_run_and_a_card_that_agree(brief, tmp_path):
    card = pretrain("adding-gru", tmp_path)
    assert read_cards(tmp_path) == {"adding-gru": card}
    assert Store(str(tmp_path)).open(card.run).status.steps_done == 3
    assert evaluate(Store(str(tmp_path)), card.run).loss == card.loss
    assert "## adding-gru" in (tmp_path / "README.md").read_text()


def test_pretrain_twice_gives_the_same_numbers_and_one_run(brief, tmp_path):
    first, second = pretrain("adding-rnn", tmp_path), pretrain("adding-rnn", tmp_path)
    assert (first.run, first.loss, first.metric) == (second.run, second.loss, second.metric)
    assert Store(str(tmp_path)).run_ids() == [first.run]


def test_bits_per_character_of_an_untrained_network_are_about_those_of_guessing(brief, tmp_path):
    card = pretrain("characters-gru", tmp_path)
    guessing = np.log2(len(Store(str(tmp_path)).vocabulary(card.run)) + 1)
    assert card.bits == pytest.approx(guessing, rel=0.1)


def test_bits_per_character_are_only_of_character_models(shipped):
    with pytest.raises(StoreError, match="is no character model"):
        bits_per_character(shipped, CARDS["adding-rnn"].run, "a text")


def test_command_lists_the_runs(capsys):
    assert main(["pretrain", "--list"]) == 0
    assert capsys.readouterr().out.split() == NAMES


def test_command_answers_an_unknown_name_with_one_sentence(capsys, tmp_path):
    assert main(["pretrain", "--only", "adding-lsmt", "--into", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert "unknown pretrained run 'adding-lsmt'; known: adding-rnn" in error
    assert len(error.splitlines()) == 1


def test_command_trains_what_it_is_asked_to(brief, capsys, tmp_path):
    assert main(["pretrain", "--only", "adding-gru", "--into", str(tmp_path)]) == 0
    assert "adding-gru: held-out squared error" in capsys.readouterr().out
    written = json.loads((tmp_path / "cards" / "adding-gru.json").read_text())
    assert Experiment.from_json(Store(str(tmp_path)).open(written["run"]).experiment.to_json()).run_id == written["run"]
