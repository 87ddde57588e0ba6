"""The adding problem marks two numbers and asks for their sum."""

import pytest
import torch

from seqviz.experiment.task import AddingConfig
from seqviz.tasks import build_task

TASK = build_task(AddingConfig(length=11))


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum():
    batch = TASK.batch(500, seeded())
    numbers, marks = batch.inputs.unbind(2)
    assert torch.equal(marks[:, :5].sum(1), torch.ones(500))
    assert torch.equal(marks[:, 5:].sum(1), torch.ones(500))
    for sequence in range(20):
        marked = [float(numbers[sequence, t]) for t in range(11) if marks[sequence, t] == 1]
        assert float(batch.targets[sequence, 0]) == pytest.approx(sum(marked), abs=1e-6)
    assert (marks.sum(0) > 0).all()  # every place is drawn
    assert 0 <= numbers.min() < 0.01
    assert 0.99 < numbers.max() < 1


def test_adding_counts_an_answer_as_right_within_four_hundredths():
    task = TASK
    batch = task.batch(4, seeded())
    off = torch.tensor([[0.0], [0.039], [-0.039], [0.041]])
    assert task.metric(batch.targets + off, batch) == 0.75
