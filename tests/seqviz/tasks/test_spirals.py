"""The spirals' points lie on the arm that is their answer, spread as they should be."""

import math

import pytest
import torch

from seqviz.experiment import TASKS
from seqviz.experiment.task import SpiralsConfig
from seqviz.tasks import build_task
from seqviz.tasks.spirals import spirals_batch


def drawn(**settings):
    given = {"size": 4000, "classes": 3, "turns": 1.0, "noise": 0.0, **settings}
    return spirals_batch(**given, generator=torch.Generator().manual_seed(0))


def test_without_noise_every_point_is_on_its_arm():
    points, arms = drawn(turns=0.75)
    radius = points.norm(dim=1) / math.sqrt(6)
    angle = torch.atan2(points[:, 1], points[:, 0])
    turned = (angle / (2 * math.pi) - 0.75 * radius - arms / 3) % 1.0
    assert torch.minimum(turned, 1 - turned).max() < 1e-4
    assert radius.max() <= 1.0 + 1e-6


def test_every_arm_is_as_frequent_and_each_coordinate_has_variance_1():
    points, arms = drawn(noise=0.1)
    assert torch.bincount(arms).tolist() == pytest.approx([4000 / 3] * 3, rel=0.1)
    assert points.var(dim=0).tolist() == pytest.approx([1, 1], rel=0.1)


def test_noise_turns_points_along_their_circle_alone():
    still, moved = drawn()[0], drawn(noise=0.3)[0]
    assert torch.equal(drawn()[1], drawn(noise=0.3)[1])
    torch.testing.assert_close(still.norm(dim=1), moved.norm(dim=1))
    turned = torch.atan2(moved[:, 1], moved[:, 0]) - torch.atan2(still[:, 1], still[:, 0])
    turned = (turned + math.pi) % (2 * math.pi) - math.pi
    assert float(turned.std()) == pytest.approx(0.3, rel=0.05)


def test_the_baseline_is_guessing_among_the_arms():
    for classes in (2, 5):
        config = SpiralsConfig(classes=classes)
        task = build_task(config)
        batch = task.batch(10, torch.Generator().manual_seed(1))
        assert float(task.loss(torch.zeros(10, classes), batch)) == pytest.approx(TASKS["spirals"].baseline(config))
