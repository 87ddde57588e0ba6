"""The runs that come with the app open, are what their cards say, and can be trained again."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from seqviz.__main__ import main
from seqviz.cards import Card, catalogue, read_cards
from seqviz.errors import StoreError
from seqviz.experiment import CELLS, Experiment, Parent
from seqviz.experiment.task import CharactersConfig
from seqviz.pretrain.runs import bits_per_character, evaluate, pretrain, unseen
from seqviz.recipes import Recipe, recipes
from seqviz.recipes.bottleneck import MEMBERS, READING_FINDINGS
from seqviz.recipes.captions import caption_recipes
from seqviz.recipes.clipping import clipping_recipes
from seqviz.recipes.depth import depth_recipes
from seqviz.recipes.influence import influence_recipes
from seqviz.recipes.studies import studies
from seqviz.recipes.transformer import transformer_recipes
from seqviz.recipes.translation import SEQUENCE_FINDINGS, TRANSLATION_FINDINGS
from seqviz.store import Store
from seqviz.store.texts import standard_library_name
from seqviz.studies import StudyResult, read_study
from seqviz.training import Trainer

SHIPPED = Path(__file__).parents[3] / "pretrained"
CARDS = read_cards(SHIPPED)
NAMES = [f"{task}-{cell}" for task in ("adding", "characters") for cell in CELLS]
NAMES += [f"translation-{name}" for name in (*TRANSLATION_FINDINGS, *SEQUENCE_FINDINGS, *READING_FINDINGS)]
NAMES += [f"translation-member-{seed}" for seed in range(MEMBERS)]
NAMES += [*caption_recipes(), *clipping_recipes(), *depth_recipes(), *influence_recipes(), *transformer_recipes("python")]


ASKED = ("sentences", "longest", "lag", "fillers", "length", "most")  # settings of a task shown on its card, in order
DIVERGED = ("clipping-off", "clipping-short-off")  # which is what there is to see in it


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The shipped runs, above an empty store."""
    return Store(str(tmp_path_factory.mktemp("own")), str(SHIPPED))


@pytest.fixture
def brief(monkeypatch):
    """The same recipes, of a few steps each."""

    def shortened(text):
        return {
            name: replace(one, experiment=replace(one.experiment, training=replace(one.experiment.training, steps=3)))
            for name, one in recipes(text).items()
        }

    monkeypatch.setattr("seqviz.pretrain.runs.recipes", shortened)


def has_text(card: Card) -> bool:
    return "python-" not in card.task or standard_library_name() in card.task


def evaluated(name: str) -> Any:
    """The name of a run to evaluate; one translator represents all until ``make test-all`` evaluates each."""
    swept = name.startswith("translation") and name != "translation-backwards"
    return pytest.param(name, marks=pytest.mark.sweep if swept else ())


def test_every_recipe_has_been_trained():
    assert sorted(CARDS) == sorted(NAMES)
    assert set(Store(str(SHIPPED)).run_ids()) == {card.run for card in CARDS.values()}


def test_everything_that_comes_with_the_app_is_under_25_megabytes():
    assert sum(file.stat().st_size for file in SHIPPED.rglob("*") if file.is_file()) < 25_000_000


@pytest.mark.parametrize("name", NAMES)
def test_shipped_run_opens_and_matches_its_checksums(shipped, name):
    run = shipped.open(CARDS[name].run)
    assert run.pretrained
    assert run.status.state == ("diverged" if name in DIVERGED else "done")
    assert (len(run.metrics.step) == run.experiment.training.steps) == (name not in DIVERGED)
    assert run.status.steps_done == run.experiment.first_step + len(run.metrics.step)
    assert run.ancestors == recipes("python")[name].ancestors
    assert all(shipped.weights(run.id, step) for step in run.snapshot_steps)


@pytest.mark.parametrize("name", NAMES)
def test_shipped_run_is_of_todays_recipe(shipped, name):
    experiment = shipped.open(CARDS[name].run).experiment
    text = experiment.task.text if isinstance(experiment.task, CharactersConfig) else "python"
    assert recipes(text)[name].experiment == experiment


@pytest.mark.parametrize("name", [evaluated(name) for name in NAMES if has_text(CARDS[name])])
def test_card_of_shipped_run_matches_evaluation(shipped, name):
    card, again = CARDS[name], evaluate(shipped, CARDS[name].run)
    assert again.loss == pytest.approx(card.loss, rel=1e-3)
    assert again.metric == pytest.approx(card.metric, abs=2e-3)
    assert again.exact == (None if card.exact is None else pytest.approx(card.exact, abs=5e-3))


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("characters")])
def test_card_of_character_model_matches_text_that_every_machine_has(shipped, name):
    assert bits_per_character(shipped, CARDS[name].run, unseen()) == pytest.approx(CARDS[name].bits, rel=1e-4)


@pytest.mark.parametrize("name", [name for name in NAMES if has_text(CARDS[name]) and not recipes("python")[name].ancestors])
def test_shipped_run_begins_as_training_begins_today(shipped, name):
    run = shipped.open(CARDS[name].run)
    compared = 4 if name == "clipping-off" else 5  # the next test says why
    text = shipped.texts.read(run.experiment.task.text) if isinstance(run.experiment.task, CharactersConfig) else None
    losses = first_losses(Trainer(run.experiment, text=text))
    np.testing.assert_allclose(losses[:compared], run.metrics.loss[:compared], rtol=1e-4)


def test_rounding_decides_the_fifth_loss_of_the_network_that_explodes_and_none_before(shipped):
    experiment = shipped.open(CARDS["clipping-off"].run).experiment
    losses = first_losses(Trainer(experiment))
    others = [first_losses(rounded_otherwise(Trainer(experiment), seed)) for seed in range(4)]
    apart = np.abs(np.array(others) / losses - 1).max(axis=0)  # processors round differently, and at every step
    assert (apart[:4] < 5e-5).all()
    assert apart[4] > 1e-3


def first_losses(trainer: Trainer) -> np.ndarray:
    return np.array([trainer.step().loss for _ in range(5)])


def rounded_otherwise(trainer: Trainer, seed: int) -> Trainer:
    """The trainer, every weight moved at random to the next number of single precision, above or below."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in trainer.parameters:
            side = torch.randint(0, 2, weight.shape, generator=generator) * 2 - 1
            weight.copy_(torch.nextafter(weight, side * torch.inf))
    return trainer


@pytest.mark.parametrize("name", NAMES)
def test_every_number_in_a_cards_sentences_is_the_runs_own(shipped, name):
    card, run = CARDS[name], shipped.open(CARDS[name].run)
    task, model, training = run.experiment.task, run.experiment.model, run.experiment.training
    weights = sum(array.size for array in shipped.weights(run.id).values())
    asked = [task.to_json()[name] for name in ASKED if name in task.to_json()]
    named = card.task.replace(getattr(task, "text", ""), "").replace("ISO 8601", "")
    assert numbers(named) == asked
    assert numbers(card.model) == [getattr(model, "depth", model.layers), model.hidden_size, weights]
    stages = [one.training for one in (*run.ancestors[::-1], run.experiment)]
    warmed = {one: [] if one.schedule == "constant" else [one.warmup] for one in stages}
    steps = [number for one in stages for number in (one.steps, one.learning_rate, *warmed[one], one.batch_size)]
    threshold = [] if training.clip == "off" else [training.threshold]
    assert numbers(card.training) == [*steps, *threshold, run.experiment.seed]
    assert (card.machine, card.versions) == (run.status.machine, run.status.versions)
    assert card.seconds > run.status.seconds if run.ancestors else card.seconds == run.status.seconds


def test_the_page_of_the_runs_says_what_their_cards_say():
    assert (SHIPPED / "README.md").read_text(encoding="utf-8") == catalogue(CARDS)


@pytest.mark.parametrize("name", NAMES)
def test_a_cards_finding_is_its_recipes(name):
    assert CARDS[name].finding == recipes("python")[name].finding


def test_finding_of_the_rnn_the_gradient_is_gone_long_before_the_first_step(shipped):
    probes = shipped.open(CARDS["adding-rnn"].run).probes
    shares = probes.hidden_norms[:, -1, 0] / probes.hidden_norms[:, -1, 0, -1:]
    assert shares.shape[1] == 100
    assert (shares[:, :70] < 0.01).all()  # at every moment looked into, within a third of the way
    assert (shares[:, 0] < 1e-8).all()


def test_finding_of_the_lstm_still_for_hundreds_of_steps_and_down_within_a_hundred(shipped):
    share = share_of_constant(shipped, "adding-lstm")
    leaves = int(np.flatnonzero(share > 0.8)[-1])
    assert leaves > 500
    assert np.abs(share[200:leaves] - 1.0).max() < 0.5  # of 20 batches' means, which scatter
    assert np.flatnonzero(share < 0.1)[0] - leaves < 100


def test_finding_of_the_gru_first_to_leave_the_constant_answer_and_closest(shipped):
    halved = {cell: np.flatnonzero(share_of_constant(shipped, f"adding-{cell}") < 0.5)[:1].sum() or np.inf for cell in CELLS}
    assert halved["gru"] < halved["lstm"] < halved["rnn"] == np.inf
    assert CARDS["adding-gru"].loss == min(CARDS[f"adding-{cell}"].loss for cell in CELLS)


def test_finding_of_the_gru_about_as_good_as_the_lstm_with_three_quarters_of_the_weights(shipped):
    gru, lstm = CARDS["characters-gru"], CARDS["characters-lstm"]
    assert gru.loss == pytest.approx(lstm.loss, rel=0.03)
    assert gru.bits == pytest.approx(lstm.bits, rel=0.03)
    weights = [sum(array.size for array in shipped.weights(card.run).values()) for card in (gru, lstm)]
    assert weights[0] / weights[1] == pytest.approx(0.75, abs=0.03)
    assert CARDS["characters-rnn"].loss > 1.05 * lstm.loss  # which "about" does not cover


def numbers(sentence: str) -> list[float]:
    """The numbers written in a sentence, in order."""
    return [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?:\.\d+)?", sentence)]


def share_of_constant(store, name: str) -> np.ndarray:
    """The training loss as a share of the constant answer's, 20 steps' mean at every step."""
    loss = np.asarray(store.open(CARDS[name].run).metrics.loss, dtype=float)
    return np.convolve(loss, np.ones(20) / 20, "valid") * 6


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


def test_a_run_of_two_stages_is_trained_after_the_one_that_it_goes_on_from(monkeypatch, tmp_path):
    coarse = recipes("python")["adding-gru"].experiment
    coarse = replace(coarse, training=replace(coarse.training, steps=3))
    fine = replace(coarse, training=replace(coarse.training, steps=2), parent=Parent(run=coarse.run_id, step=3))
    both = Recipe(experiment=fine, ancestors=(coarse,), finding="", snapshot_bytes=0, keeps_checkpoint=False)
    monkeypatch.setattr("seqviz.pretrain.runs.recipes", lambda text: {"both": both})
    card = pretrain("both", tmp_path)
    run = Store(str(tmp_path)).open(card.run)
    assert (run.experiment, run.ancestors, run.status.steps_done) == (fine, (coarse,), 5)
    assert card.training.startswith("3 steps of Adam at 0.005, 50 sequences a step, then 2 steps of Adam at 0.005")
    assert evaluate(Store(str(tmp_path)), card.run).loss == card.loss


def test_bits_per_character_of_an_untrained_network_are_about_those_of_guessing(brief, tmp_path):
    card = pretrain("characters-gru", tmp_path)
    guessing = np.log2(len(Store(str(tmp_path)).vocabulary(card.run)) + 1)
    assert card.bits == pytest.approx(guessing, rel=0.1)


def test_bits_per_character_are_only_of_character_models(shipped):
    with pytest.raises(StoreError, match="is no character model"):
        bits_per_character(shipped, CARDS["adding-rnn"].run, "a text")


def test_command_lists_the_runs(capsys):
    assert main(["pretrain", "--list"]) == 0
    assert capsys.readouterr().out.split() == [*recipes("python"), *(f"study-{name}" for name in studies())]


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


def test_command_does_a_study_that_it_is_asked_for(monkeypatch, capsys, tmp_path):
    def nothing_found(study, store, report):
        return StudyResult(name=study.name, title=study.title, machine="", versions={}, rows=())

    monkeypatch.setattr("seqviz.pretrain.runs.do_study", nothing_found)
    assert main(["pretrain", "--only", "study-attention", "--into", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "study-attention: 0 runs measured\n"
    assert read_study(tmp_path, "attention").rows == ()


def test_studies_are_listed_with_the_runs(capsys):
    assert main(["pretrain", "--list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert {"adding-gru", "translation-dot", "study-attention"} <= set(listed)
