"""A training step is described as it was: each phase's sentence follows its numbers."""

import json
import math
from dataclasses import replace

import pytest

from seqviz.answers.training_step import answer_training_step
from seqviz.experiment import OPTIMIZERS, Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.figures.training_step import PHASES, step_finding, step_norms_figure, step_sentences, went
from seqviz.subjects.training_step import TrainingStep

TRAINING = TrainingConfig(optimizer="sgd", learning_rate=0.1, batch_size=4, steps=20, clip="norm", threshold=0.5)


def taken(training=TRAINING, done=0):
    experiment = Experiment(
        task=AddingConfig(length=6), model=RecurrentConfig(name="rnn", hidden_size=4), training=training, seed=0
    )
    return answer_training_step(TrainingStep(experiment=json.dumps(experiment.to_json()), done=done))


def test_the_finding_is_the_loss_before_and_after():
    record = taken()
    assert record.loss_after < record.loss
    assert step_finding(record) == f"Step 1 takes the loss on its own batch from {record.loss:.4g} to {record.loss_after:.4g}."


def test_a_loss_that_rises_or_stays_or_ends_is_told_so():
    record = taken()
    assert "It rises" in step_finding(replace(record, loss_after=2 * record.loss))
    assert "leaves the loss" in step_finding(replace(record, loss_after=record.loss))
    assert step_finding(replace(record, diverged="step 1: the loss is infinite")) == "Step 1: the loss is infinite."


@pytest.mark.parametrize(
    ("before", "after", "verdict", "said"),
    [
        (1.0, 0.97, "falls", "from 1 to 0.97."),
        (1.0, 0.99, "same", "from 1 to 0.99, about the same."),
        (1.0, 1.01, "same", "from 1 to 1.01, about the same."),
        (1.0, 1.03, "rises", "from 1 to 1.03. It rises: "),
        (-1.0, -0.9, "rises", "from -1 to -0.9. It rises: "),
        (0.0, 0.0, "same", "leaves the loss on its own batch at 0."),
        (0.0, 0.1, "rises", "from 0 to 0.1. It rises: "),
    ],
)
def test_the_verdict_and_the_sentence_are_one(before, after, verdict, said):
    record = replace(taken(), loss=before, loss_after=after)
    assert went(record) == verdict
    assert said in step_finding(record)


def test_a_step_that_was_not_applied_changed_nothing_that_can_be_told():
    record = replace(taken(), diverged="step 1: the loss is infinite", loss=float("inf"), loss_after=float("nan"))
    assert math.isnan(record.change)
    assert went(record) == ""


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_phase_is_told_for_every_optimizer(optimizer):
    training = replace(TRAINING, optimizer=optimizer)
    told = step_sentences(taken(training, 2), training, "4 sequences of 6 time steps")
    assert tuple(told) == PHASES
    assert OPTIMIZERS[optimizer] in told["update"]
    assert all(each and "nan" not in each and "{" not in each for each in told.values())


def test_clipping_is_told_as_it_was_done():
    tight = replace(TRAINING, threshold=0.1)
    record = taken(tight)
    told = step_sentences(record, tight, "")["clip"]
    assert record.clipped
    assert told.startswith("Clip by norm: ")
    assert "is above 0.1, so every number is multiplied by 0.1/" in told
    assert (
        "stays as it is, since its norm"
        in step_sentences(taken(replace(TRAINING, threshold=99.0)), replace(TRAINING, threshold=99.0), "")["clip"]
    )
    value = replace(TRAINING, clip="value", threshold=0.01)
    assert "the direction turns by" in step_sentences(taken(value), value, "")["clip"]
    off = replace(TRAINING, clip="off")
    assert "clipping is off" in step_sentences(taken(off), off, "")["clip"]


def test_the_norms_are_drawn_weight_by_weight():
    record = taken()
    drawn = step_norms_figure(record)
    assert [trace.name for trace in drawn.data] == ["gradient", "after clipping", "update"]
    assert list(drawn.data[0].x) == pytest.approx(list(record.gradient_norms))
    assert len(set(drawn.data[0].y)) == len(record.names)
