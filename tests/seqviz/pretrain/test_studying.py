"""A study done twice measures the same; a run that is already there is measured and not trained again."""

from dataclasses import replace

import pytest
import torch

from seqviz.errors import JobError, UnknownNameError
from seqviz.experiment import Experiment, RecurrentConfig, Seq2SeqConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig, TranslationConfig
from seqviz.jobs.training import Outcome
from seqviz.models import build_network
from seqviz.pretrain.studying import MEASURES, do_study
from seqviz.store import Store
from seqviz.studies import Study
from seqviz.tasks import build_task


def tiny(attention):
    return Experiment(
        task=TranslationConfig(corpus="reversal", sentences=100, longest=4),
        model=Seq2SeqConfig(hidden_size=8, embedding_size=6, attention=attention, order="after"),
        training=TrainingConfig(optimizer="adam", learning_rate=0.01, batch_size=8, steps=4),
        seed=0,
    )


STUDY = Study(
    name="tiny", title="Two of them.", arms={name: tiny(name) for name in ("dot", "none")}, seeds=(0, 1),
    measure="translation", texts=(("a b", "b a <eos>"),),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr("seqviz.pretrain.studying.EXAMINED", 20)
    monkeypatch.setattr("seqviz.pretrain.studying.TIMED_STEPS", 1)
    monkeypatch.setattr("seqviz.pretrain.studying.ROUNDS", 1)


def without_time(result):
    return [replace(row, step_seconds=0.0) for row in result.rows]


def test_a_study_done_anew_finds_the_same(tmp_path):
    one, other = (do_study(STUDY, Store(str(tmp_path / name))) for name in ("one", "other"))
    assert without_time(one) == without_time(other)
    assert [(row.arm, row.seed) for row in one.rows] == [("dot", 0), ("none", 0), ("dot", 1), ("none", 1)]
    assert all(row.step_seconds > 0 for row in one.rows)
    dot, none = one.rows[:2]
    assert {"exact", "bleu", "parameters", "alignment_error", "near_alignment_error", "entropy"} == set(dot.measures)
    assert {"exact", "bleu", "parameters"} == set(none.measures)
    assert list(dot.attention) == ["a b"]
    assert none.attention == {}


def test_a_run_that_is_there_is_not_trained_again(tmp_path, monkeypatch):
    store = Store(str(tmp_path))
    first = do_study(STUDY, store)

    def stay_idle(trainer):
        raise AssertionError("trained again")

    monkeypatch.setattr("seqviz.jobs.training._loop", stay_idle)
    monkeypatch.setattr("seqviz.pretrain.studying._timed", lambda trainer: 1.0)
    assert without_time(do_study(STUDY, store)) == without_time(first)


def test_its_parameters_are_the_networks(tmp_path):
    task, config = build_task(STUDY.arms["dot"].task), STUDY.arms["dot"].model
    sizes = {"input_size": task.input_size, "output_size": task.output_size}
    network = build_network(config, **sizes, generator=torch.Generator().manual_seed(0))
    row = do_study(replace(STUDY, seeds=(0,)), Store(str(tmp_path))).rows[0]
    assert row.measures["parameters"] == sum(parameter.numel() for parameter in network.parameters())


def test_a_run_that_diverges_is_one_sentence(tmp_path, monkeypatch):
    diverged = Outcome(state="diverged", steps_done=3, message="the loss is not finite")
    monkeypatch.setattr("seqviz.pretrain.studying.train_run", lambda *asked, **how: diverged)
    with pytest.raises(JobError, match="ended as diverged: the loss is not finite"):
        do_study(STUDY, Store(str(tmp_path)))


def test_a_run_that_may_diverge_is_measured_as_it_was_just_before(tmp_path, monkeypatch):
    monkeypatch.setattr("seqviz.answers.evaluation.FRESH", 20)
    exploding = Experiment(
        task=AddingConfig(length=60),
        model=RecurrentConfig(name="rnn", activation="relu", hidden_size=6, initialisation="orthogonal", scale=9.0),
        training=TrainingConfig(optimizer="sgd", learning_rate=1e3, clip="off", batch_size=4, steps=20),
    )
    study = Study(name="tiny", title="One.", arms={"off": exploding}, seeds=(0,), measure="fresh", may_diverge=True)
    store = Store(str(tmp_path))
    (row,) = do_study(study, store).rows
    assert row.measures["diverged"] == 1.0
    assert row.measures["steps"] == store.open(row.run).status.steps_done < 20
    assert 0 <= row.measures["errors"] <= 1
    assert row.step_seconds == 0


def test_the_share_of_clipped_steps_is_the_runs(tmp_path):
    calm = Experiment(
        task=AddingConfig(length=6),
        model=RecurrentConfig(name="gru", hidden_size=4),
        training=TrainingConfig(steps=60, batch_size=4),
    )
    study = Study(name="tiny", title="One.", arms={"gru": calm}, seeds=(0,), measure="clipping")
    store = Store(str(tmp_path))
    (row,) = do_study(study, store).rows
    assert row.measures["clipped"] == store.open(row.run).metrics.clipped.mean()
    assert len(row.curves["loss"]) == 1


def test_an_unknown_measure_is_one_sentence(tmp_path):
    with pytest.raises(UnknownNameError, match="unknown measure 'charm'"):
        do_study(replace(STUDY, measure="charm"), Store(str(tmp_path)))


def test_measures_are_floats(tmp_path):
    row = do_study(replace(STUDY, seeds=(0,)), Store(str(tmp_path))).rows[0]
    assert "translation" in MEASURES
    assert all(type(value) is float for value in row.measures.values())
