"""A network made empty costs no random number, and holds a run's weights once it is filled."""

import numpy as np
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from seqviz.models.filling import empty, filled


class Operations(TorchDispatchMode):
    """Notes what PyTorch does to tensors."""

    def __init__(self):
        super().__init__()
        self.names = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.names.append(func.__name__.split(".")[0])
        return func(*args, **(kwargs or {}))


def made():
    return nn.ModuleList([nn.Embedding(5, 3), nn.GRU(3, 4), nn.Linear(4, 2), nn.LayerNorm(2), nn.Conv2d(2, 3, 3)])


def test_nothing_is_drawn():
    with Operations() as drawing:
        made()
    assert {"normal_", "uniform_"} <= set(drawing.names)
    before = torch.random.get_rng_state()
    with Operations() as done:
        model = empty(made)
    assert not {"normal_", "uniform_"} & set(done.names)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert all(weight.device.type == "cpu" and weight.requires_grad for weight in model.parameters())


def test_filled_is_what_was_saved():
    whole = made()
    weights = {name: value.detach().numpy() for name, value in whole.named_parameters()}
    copied = filled(empty(made), weights)
    for mine, theirs in zip(copied.parameters(), whole.parameters(), strict=True):
        assert np.array_equal(mine.detach().numpy(), theirs.detach().numpy())
        assert mine.data_ptr() != theirs.data_ptr()
