"""A probe is the gradient flow and the gates of the weights as they are, on the same sequences every time."""

import numpy as np
import pytest
import torch

from seqviz.experiment import CELLS, MODELS, Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig, LagConfig
from seqviz.tracing.gates import trace_gates
from seqviz.training import Trainer
from seqviz.training.seeds import PROBE


def trainer(cell="lstm", task=None, **model):
    config = RecurrentConfig(name=cell, hidden_size=5, **model)
    return Trainer(Experiment(task=task or AddingConfig(length=9), model=config, training=TrainingConfig(batch_size=4)))


def probe_batch(one):
    return one._batch(PROBE, 0, 8)


@pytest.mark.parametrize("cell", CELLS)
def test_probe_has_one_row_of_every_layer_and_direction(cell):
    one = trainer(cell, layers=2, bidirectional=True)
    one.step()
    probes = one.probe()
    assert probes.step.tolist() == [1]
    assert probes.hidden_norms.shape == probes.direct_norms.shape == (1, 2, 2, 9)
    assert (probes.cell_norms is not None) == (cell == "lstm")
    gates = set(MODELS[cell].gates) - {"candidate"}
    for table in (probes.gate_means, probes.left_saturated, probes.right_saturated):
        assert set(table) == gates
        assert all(values.shape == (1, 2, 2) for values in table.values())


@pytest.mark.parametrize("task", [AddingConfig(length=9), LagConfig(length=9, lag=3)])
def test_probe_norms_are_means_of_each_sequences_own_autograd_gradient(task):
    one = trainer("rnn", task)
    batch = probe_batch(one)
    rnn = one.model.rnn
    norms = []
    for sequence in range(8):
        hidden, states = torch.zeros(1, 5), []
        for inputs in batch.inputs[sequence]:
            hidden = torch.tanh(inputs @ rnn.weight_ih_l0.T + rnn.bias_ih_l0 + hidden @ rnn.weight_hh_l0.T + rnn.bias_hh_l0)
            states.append(hidden)
        outputs = one.model.read(torch.stack(states, dim=1))
        loss = one.task.judge_loss(outputs, batch.targets[sequence : sequence + 1])
        gradients = torch.autograd.grad(loss, states, allow_unused=True)
        norms.append([float(gradient.norm()) for gradient in gradients])
    np.testing.assert_allclose(one.probe().hidden_norms[0, 0, 0], np.mean(norms, axis=0), rtol=1e-4, atol=1e-9)


def test_probe_counts_saturated_gates():
    one = trainer("lstm", forget_bias=2.0)
    forget = trace_gates(one.model.rnn, probe_batch(one).inputs).gates["forget"]
    probes = one.probe()
    assert probes.gate_means["forget"][0, 0, 0] == pytest.approx(forget.mean(), rel=1e-6)
    assert probes.right_saturated["forget"][0, 0, 0] == pytest.approx(np.mean(forget > 0.9))
    assert probes.left_saturated["forget"][0, 0, 0] == np.mean(forget < 0.1) == 0


def test_probing_changes_nothing():
    one, other = trainer(), trainer()
    for _ in range(3):
        other.probe()
        other.evaluate(4)
        assert one.step() == other.step()
    np.testing.assert_array_equal(one.probe().hidden_norms, one.probe().hidden_norms)
