"""What is passed on to TensorBoard and Weights & Biases is what was seen."""

import numpy as np
import pytest
import torch
from torch import nn

import seqviz
from seqviz.measures.reach import reach
from seqviz.watching.relays import numbers_of, to_tensorboard, to_wandb


def trained(*relays, steps=3):
    torch.manual_seed(0)
    model = nn.LSTM(2, 3, num_layers=2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with seqviz.watch(model, every=1, relays=relays) as watched:
        for _ in range(steps):
            model(torch.randn(4, 2, 2))[0].square().sum().backward()
            optimizer.step()
    return watched.steps


def test_numbers_are_those_of_the_step():
    step = trained(steps=1)[0]
    found = numbers_of(step)
    assert found["seqviz/gradient norm"] == step.norm_before
    flow = step.layers["LSTM"].flow
    assert found["seqviz/LSTM/layer 0/share left at the first step"] == reach(flow, 0)
    assert found["seqviz/LSTM/layer 1/forget gate below 0.1"] == step.layers["LSTM"].left_saturated["forget"][1, 0]
    assert not any(np.isnan(value) for value in found.values())


def test_tensorboard_reads_them(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(tmp_path)
    steps = trained(to_tensorboard(writer))
    writer.close()
    reader = EventAccumulator(str(tmp_path)).Reload()
    read = reader.Scalars("seqviz/gradient norm, clipped")
    assert [(one.step, one.value) for one in read] == [(step.step, pytest.approx(step.norm_after)) for step in steps]
    assert set(reader.Tags()["scalars"]) == set(numbers_of(steps[0]))


def test_weights_and_biases_gets_each_step_with_its_number():
    class Run:
        def __init__(self):
            self.logged = []

        def log(self, values):
            self.logged.append(values)

    run = Run()
    steps = trained(to_wandb(run))
    assert run.logged == [{"seqviz/step": step.step, **numbers_of(step)} for step in steps]


def test_a_relay_that_fails_stops_neither_the_training_nor_the_others():
    def broken(step):
        raise OSError("no connection")

    heard = []
    with pytest.warns(RuntimeWarning, match="passing a step on failed: OSError: no connection") as told:
        steps = trained(broken, heard.append)
    assert heard == steps
    assert len(told) == 1
