"""Copying memory asks for its ten symbols back at the end, and for blanks until then."""

import pytest
import torch

from seqviz.experiment import TASKS
from seqviz.experiment.task import CopyingConfig
from seqviz.tasks import build_task

TASK = build_task(CopyingConfig(length=6))


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize(("length", "printed"), [(10, 0.6931), (20, 0.5199), (50, 0.2971), (100, 0.1733), (500, 0.0400)])
def test_the_copying_baseline_is_the_published_one(length, printed):
    assert TASKS["copying"].baseline(CopyingConfig(length=length)) == pytest.approx(printed, abs=6e-5)


def test_copying_asks_for_the_ten_symbols_at_the_end():
    batch = TASK.batch(300, seeded())
    symbols = batch.inputs.argmax(2)
    assert symbols.shape[1] == 6 + 20
    assert torch.equal(batch.targets[:, -10:], symbols[:, :10])
    assert (batch.targets[:, :-10] == 8).all()
    assert (symbols[:, 10:15] == 8).all()  # T - 1 blanks
    assert (symbols[:, 15] == 9).all()  # the signal
    assert (symbols[:, 16:] == 8).all()
    assert sorted(symbols[:, :10].unique().tolist()) == list(range(8))


def test_copying_metric_counts_the_last_ten_answers_alone():
    task = TASK
    batch = task.batch(50, seeded())
    blanks = torch.nn.functional.one_hot(torch.full_like(batch.targets, 8), 9).float()
    assert task.metric(blanks, batch) == 0
