"""The browser draws a training step's numbers from the record, in the phase that computes them."""

import json
from dataclasses import replace

import numpy as np
import pytest

from seqviz.answers.training_step import answer_training_step
from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.figures.training_step import PHASES
from seqviz.records.training_step import MOST_CELLS
from seqviz.subjects.training_step import TrainingStep
from seqviz.ui.components.training_step import parts_of


def taken(hidden_size=4, **training):
    experiment = Experiment(
        task=AddingConfig(length=6),
        model=RecurrentConfig(name="rnn", hidden_size=hidden_size),
        training=TrainingConfig(batch_size=4, steps=20, **training),
    )
    return answer_training_step(TrainingStep(experiment=json.dumps(experiment.to_json())))


def test_every_matrix_appears_in_its_phase_with_the_records_numbers():
    record = taken(optimizer="adam")
    parts = parts_of(record)
    assert [PHASES[part["phase"]] for part in parts] == [
        "before", "forward", "forward", "backward", "backward", "clip", "update", "update", "update", "after",
    ]  # fmt: skip
    named = {part["name"]: part for part in parts}
    np.testing.assert_array_equal(np.float32(named["gradient"]["rows"]), record.weight.gradient)
    np.testing.assert_array_equal(np.float32(named["update"]["rows"]), record.weight.update)
    assert named["gradient"]["most"] == named["after clipping"]["most"] == pytest.approx(np.abs(record.weight.gradient).max())
    assert named["mean gradient"]["phase"] == PHASES.index("update")
    assert named["what is read"]["shape"] == "the first sequence, time steps 1 to 6"


def test_a_large_weight_is_cut_and_it_says_so():
    part = parts_of(taken(hidden_size=MOST_CELLS + 2))[0]
    assert (len(part["rows"]), len(part["rows"][0])) == (MOST_CELLS, MOST_CELLS)
    assert part["shape"] == f"66 × 66 numbers, the first {MOST_CELLS} × {MOST_CELLS} of them"


def test_what_is_not_finite_is_a_word():
    record = taken()
    odd = np.zeros((4, 4), dtype=np.float32)
    odd[0] = [np.nan, np.inf, -np.inf, 2.0]
    parts = parts_of(replace(record, weight=replace(record.weight, gradient=odd)))
    gradient = next(part for part in parts if part["name"] == "gradient")
    assert gradient["rows"][0] == ["not a number", "∞", "-∞", 2.0]
    assert gradient["most"] == 2.0
    json.dumps(parts, allow_nan=False)
