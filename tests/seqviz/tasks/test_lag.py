"""The lag task asks for the past, or for noise that looks the same."""

import pytest
import torch

from seqviz.experiment.task import LagConfig
from seqviz.tasks import build_task

TASK = build_task(LagConfig(length=9, lag=3))


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_lag_asks_for_the_symbol_of_lag_steps_ago():
    batch = TASK.batch(100, seeded())
    symbols = batch.inputs.argmax(2)
    assert (batch.targets[:, :3] == -100).all()
    assert torch.equal(batch.targets[:, 3:], symbols[:, :-3])


def test_lag_without_a_dependency_asks_for_noise_of_the_same_kind():
    batch = build_task(LagConfig(length=9, lag=3, dependent=False)).batch(4000, seeded())
    symbols = batch.inputs.argmax(2)
    assert (batch.targets[:, :3] == -100).all()
    for lag in range(9):
        asked = batch.targets[:, max(3, lag) :]
        agreeing = (asked == symbols[:, max(3, lag) - lag : 9 - lag]).float().mean()
        assert float(agreeing) == pytest.approx(0.25, abs=0.015)
    assert sorted(batch.targets.unique().tolist()) == [-100, 0, 1, 2, 3]


def test_lag_metric_and_loss_leave_out_what_is_not_asked():
    task = TASK
    batch = task.batch(50, seeded())
    outputs = torch.randn(50, 9, 4, generator=seeded(1))
    asked = outputs[:, 3:].flatten(0, 1), batch.targets[:, 3:].flatten()
    assert float(task.loss(outputs, batch)) == pytest.approx(float(torch.nn.functional.cross_entropy(*asked)))
    assert float(task.metric(outputs, batch)) == pytest.approx(float((asked[0].argmax(1) == asked[1]).float().mean()))
