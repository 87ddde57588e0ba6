"""The masks that are shown are those that training draws."""

import numpy as np
import pytest

from seqviz.answers.dropout import answer_dropout
from seqviz.errors import ConfigError, LimitError
from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.models import dropout
from seqviz.subjects.dropout import DropoutSteps
from seqviz.training import Trainer


@pytest.mark.parametrize("where", ["layers", "recurrent", "variational"])
def test_masks_are_those_of_a_run_of_the_same_settings(where, monkeypatch):
    drawn = []
    draw = dropout.draw_masks
    monkeypatch.setattr(dropout, "draw_masks", lambda **asked: drawn.append(draw(**asked)) or drawn[-1])
    model = RecurrentConfig(hidden_size=3, layers=2, dropout=where, dropout_rate=0.4)
    training = TrainingConfig(batch_size=4, steps=3)
    trainer = Trainer(Experiment(task=AddingConfig(length=5), model=model, training=training, seed=8))
    for step in (1, 2, 3):
        trainer.step()
        asked = DropoutSteps(
            dropout=where, dropout_rate=0.4, layers=2, hidden_size=3, length=5, batch_size=4, seed=8, step=step
        )
        record = answer_dropout(asked)
        shown = record.upward if where == "layers" else record.onward
        np.testing.assert_array_equal(shown, drawn[-1][:, :, 0].numpy() > 0)
    assert not np.array_equal(drawn[0].numpy(), drawn[1].numpy())


def test_between_layers_nothing_is_dropped_through_time_and_the_other_way_round():
    between, through = (answer_dropout(DropoutSteps(dropout=where, dropout_rate=0.9)) for where in ("layers", "recurrent"))
    assert between.onward.all()
    assert not between.upward.all()
    assert through.upward.all()
    assert not through.onward.all()
    assert between.unbroken.all()


@pytest.mark.parametrize("settings", [{"dropout": "none"}, {"training": False}])
def test_without_dropout_and_outside_training_everything_is_kept(settings):
    record = answer_dropout(DropoutSteps(**{"dropout": "recurrent", "dropout_rate": 0.9} | settings))
    assert record.upward.all()
    assert record.onward.all()


def test_unbroken_are_the_units_whose_every_step_is_kept():
    record = answer_dropout(DropoutSteps(dropout="recurrent", dropout_rate=0.3, length=4, hidden_size=8))
    expected = [[all(record.onward[layer, t, unit] for t in (1, 2, 3)) for unit in range(8)] for layer in range(2)]
    np.testing.assert_array_equal(record.unbroken, expected)


def test_between_the_layers_of_one_layer_there_is_nothing_to_drop():
    with pytest.raises(ConfigError, match="dropout between layers needs at least 2 layers, got 1"):
        DropoutSteps(layers=1)


def test_more_than_allowed_is_one_sentence():
    with pytest.raises(LimitError, match="hidden_size may be at most 512"):
        answer_dropout(DropoutSteps(length=1000, hidden_size=600))
