"""Temporal order draws its keys and classes as Pascanu's program does."""

import torch

from seqviz.experiment.task import TemporalOrderConfig
from seqviz.tasks import build_task

TASK = build_task(TemporalOrderConfig(length=40))


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_temporal_order_is_as_in_pascanus_program():
    batch = TASK.batch(2000, seeded())
    symbols = batch.inputs.argmax(2)
    places = []
    for sequence, target in zip(symbols[:300].tolist(), batch.targets[:300].tolist(), strict=True):
        keys = [(t, symbol) for t, symbol in enumerate(sequence) if symbol < 2]
        (first, one), (second, two) = keys
        places.append((first, second))
        assert int(0.1 * 40) <= first < 2 * int(0.1 * 40)
        assert int(0.5 * 40) <= second < int(0.5 * 40) + int(0.1 * 40)
        assert target == one + 2 * two
    assert {first for first, _ in places} == {4, 5, 6, 7}
    assert {second for _, second in places} == {20, 21, 22, 23}
    assert batch.targets.bincount().min() > 400
    assert sorted(symbols.unique().tolist()) == list(range(6))
