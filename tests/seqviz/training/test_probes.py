"""A probe is the gradient flow and the gates of the weights as they are, on the same sequences every time."""

import numpy as np
import pytest
import torch

from seqviz.experiment import (
    CELLS,
    MODELS,
    CaptionerConfig,
    Experiment,
    FeedforwardConfig,
    RecurrentConfig,
    Seq2SeqConfig,
    TrainingConfig,
)
from seqviz.experiment.task import AddingConfig, CaptionsConfig, LagConfig, SpiralsConfig, TranslationConfig
from seqviz.models.stacks import advance
from seqviz.tracing.gates import trace_gates
from seqviz.training import Trainer
from seqviz.training.seeds import HELD_OUT, PROBE


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


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("look", [("none", "before"), ("additive", "before"), ("dot", "after")])
@pytest.mark.parametrize("both", [False, True])
def test_probe_of_an_encoder_is_each_sentences_own_autograd_gradient_through_attention_and_decoder(both, look, reverse):
    settings = {"attention": look[0], "order": look[1], "bidirectional": both, "reverse_source": reverse, "cell": "rnn"}
    model = Seq2SeqConfig(hidden_size=5, embedding_size=4, **settings)
    task = TranslationConfig(corpus="reversal", sentences=200, longest=5)
    one = Trainer(Experiment(task=task, model=model, training=TrainingConfig(batch_size=4)))
    for _ in range(3):
        one.step()
    batch, network = probe_batch(one), one.model
    norms = np.zeros((8, 2 if both else 1, batch.inputs.shape[1]))
    for sentence in range(8):
        words = network.embed(batch.inputs[sentence : sentence + 1])[0].detach()
        states = []
        for direction in range(len(norms[0])):
            end = "_reverse" if direction else ""
            weights = [getattr(network.encoder, f"{name}_l0{end}") for name in ("weight_ih", "bias_ih", "weight_hh", "bias_hh")]
            hidden, found = torch.zeros(1, 5), []
            for word in words.flip(0) if direction else words:
                hidden = torch.tanh(word @ weights[0].T + weights[1] + hidden @ weights[2].T + weights[3])
                found.append(hidden)
            states.append(found)
        final = torch.stack([found[-1] for found in states])
        in_time = [found[::-1] if direction else found for direction, found in enumerate(states)]
        output = torch.stack([torch.cat(parts, dim=-1) for parts in zip(*in_time, strict=True)], dim=1)
        target = batch.targets[sentence : sentence + 1]
        target = target[:, : int((target >= 0).sum())]
        logits = network.decode(network.encoded(output, final), target).logits
        loss = torch.nn.functional.cross_entropy(logits[0], target[0], reduction="sum")
        gradients = torch.autograd.grad(loss, [state for found in in_time for state in found])
        norms[sentence] = torch.stack([gradient.norm() for gradient in gradients]).view(norms[sentence].shape).numpy()
    np.testing.assert_allclose(one.probe().hidden_norms[0, 0], norms.mean(0), rtol=1e-4, atol=1e-9)


def test_probe_counts_the_held_out_sentences_that_are_written_without_a_mistake():
    model = Seq2SeqConfig(hidden_size=24, embedding_size=12, attention="additive")
    task = TranslationConfig(corpus="copying", sentences=300, longest=4)
    one = Trainer(Experiment(task=task, model=model, training=TrainingConfig(batch_size=32, learning_rate=0.02)))
    assert one.probe().exact.tolist() == [0.0]
    for _ in range(80):
        one.step()
    right = 0
    for part in range(16):
        batch = one._batch(HELD_OUT, part, 16)
        for source, target in zip(batch.inputs, batch.targets, strict=True):
            encoded, token, written = one.model.encode(source.unsqueeze(0)), torch.tensor([1]), []
            state = encoded.state
            while len(written) < len(target) and token.item() != 2:
                step = one.model.step(encoded, state, token)
                token, state = step.logits.argmax(-1), step.state
                written.append(token.item())
            right += written == target[target >= 0].tolist()
    assert 0 < right < 256
    assert one.probe().exact.tolist() == [right / 256]


def test_a_network_that_writes_nothing_has_no_exact_share():
    assert trainer().probe().exact is None


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_probe_of_a_captioner_is_its_decoders_own_autograd_gradient_through_where_it_looks(cell):
    model = CaptionerConfig(hidden_size=5, embedding_size=4, channels=8, cell=cell)
    one = Trainer(Experiment(task=CaptionsConfig(), model=model, training=TrainingConfig(batch_size=4)))
    for _ in range(3):
        one.step()
    batch, network = probe_batch(one), one.model
    seen = network.see(batch.inputs)
    read = network.read(batch.targets)
    inputs, state, found = network.look(seen, read).read.detach(), seen.carried[:-1], []
    for time in range(read.shape[1]):
        state = advance(network.decoder, inputs[:, time], state)
        found.append(state[0][0])
        state = (found[-1].unsqueeze(0), *state[1:])
    logits = network.glance(seen, read, inputs, torch.stack(found, dim=1), state).logits
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch.targets.flatten(), reduction="sum")
    gradients = torch.autograd.grad(loss, found)
    norms = torch.stack([gradient.norm(dim=1).mean() for gradient in gradients])
    np.testing.assert_allclose(one.probe().hidden_norms[0, 0, 0], norms.numpy(), rtol=1e-4, atol=1e-9)


def test_a_hundred_layers_leave_a_gradient_that_float32_could_not_hold():
    config = FeedforwardConfig(name="plain", depth=100, hidden_size=8, activation="sigmoid", initialisation="xavier")
    one = Trainer(Experiment(task=SpiralsConfig(), model=config, training=TrainingConfig(batch_size=4)))
    norms = one.probe().hidden_norms[0, :, 0, 0]
    assert 0 < norms[0] < np.finfo(np.float32).tiny
    factors = np.log10(norms[-1] / norms) / np.arange(99, -1, -1).clip(1)
    assert factors[0] == pytest.approx(factors[50], rel=0.2)  # as quickly below float32's edge as above it
    assert all(weight.dtype == torch.float32 for weight in one.model.parameters())
