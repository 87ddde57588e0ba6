"""Gradient × input is autograd's on unrolled cells and a finite difference's; forced attention is used exactly."""

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.corpora import WordVocabulary
from seqviz.errors import TraceError
from seqviz.experiment import Seq2SeqConfig
from seqviz.models.network import build_network
from seqviz.tracing.attribution import DRAWS, attribute, permuted_weights

SOURCE, TARGET = WordVocabulary(("le", "chat", "noir", "dort")), WordVocabulary(("the", "black", "cat", "sleeps", "now"))
SENTENCE, WRITTEN = ("le", "chat", "noir", "dort"), ("the", "black", "cat", "sleeps", "<eos>")
NETWORKS = [("additive", "before"), ("dot", "after"), ("general", "after"), ("general", "before"), ("scaled", "after")]


def network(attention="additive", order="before", **more):
    config = Seq2SeqConfig(hidden_size=6, embedding_size=5, attention=attention, order=order, **more)
    sizes = {"input_size": len(SOURCE), "output_size": len(TARGET)}
    model = build_network(config, **sizes, generator=torch.Generator().manual_seed(3)).double()
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():  # far from the uniform attention that additive scores begin with
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator, dtype=parameter.dtype) * 0.6)
    return model


def traced(model, **more):
    return attribute(model, SENTENCE, WRITTEN, SOURCE, TARGET, **more)


def symbols():
    asked = [2 if word == "<eos>" else int(TARGET.encode([word])[0]) for word in WRITTEN]
    return torch.from_numpy(SOURCE.encode(SENTENCE)), torch.tensor(asked)


def unrolled(model, embedded):
    """The log-probability of each word written, computed from what the encoder reads with GRU cells, one step at a time."""
    size, encoder = model.config.hidden_size, model.encoder
    cells = []
    for suffix in ("", "_reverse"):
        cell = nn.GRUCell(encoder.input_size, size).double()
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            setattr(cell, name, getattr(encoder, f"{name}_l0{suffix}"))
        cells.append(cell)
    ways = []
    for cell, order in zip(cells, (range(len(embedded)), reversed(range(len(embedded)))), strict=True):
        states, state = {}, torch.zeros(1, size, dtype=torch.float64)
        for time in order:
            state = states[time] = cell(embedded[time].unsqueeze(0), state)
        ways.append((states, state))
    output = torch.stack([torch.cat([states[time] for states, _ in ways], -1) for time in range(len(embedded))], 1)
    encoded = model.encoded(output, torch.stack([last for _, last in ways]))
    state, token, chances = encoded.state, torch.tensor([1]), []
    for word in symbols()[1]:
        step = model.step(encoded, state, token)
        chances.append(step.logits[0].log_softmax(-1)[word])
        state, token = step.state, word.unsqueeze(0)
    return torch.stack(chances)


@pytest.mark.parametrize(("attention", "order"), NETWORKS)
def test_gradient_times_input_is_autograds_on_unrolled_cells(attention, order):
    model = network(attention, order)
    embedded = model.source_embedding(symbols()[0]).detach().requires_grad_()
    rows = torch.autograd.functional.jacobian(lambda read: unrolled(model, read), embedded)
    expected = (rows * embedded.detach()).sum(-1).numpy()
    np.testing.assert_allclose(traced(model).products, expected, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("cell", ["gru", "lstm"])
@torch.no_grad()
def test_gradient_times_input_is_what_a_longer_embedding_adds(cell, reverse):
    """A word's embedding made longer by a small share changes each log-probability by that share of the product."""
    model, share = network(cell=cell, reverse_source=reverse, bidirectional=not reverse), 1e-5
    read, asked = symbols()
    record = traced(model)
    place = SENTENCE.index("noir")

    def chances(factor):
        embedded = model.source_embedding(read).unsqueeze(0)
        embedded[0, place] *= factor
        seen = embedded.flip(1) if reverse else embedded
        logits = model.decode(model.encoded(*model.encoder(seen)), asked.unsqueeze(0)).logits[0]
        return logits.log_softmax(-1).gather(1, asked.unsqueeze(1)).squeeze(1)

    slope = (chances(1 + share) - chances(1 - share)) / (2 * share)
    np.testing.assert_allclose(record.products[:, place], slope.numpy(), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("attention", "order"), NETWORKS)
@torch.no_grad()
def test_weights_and_probabilities_are_the_models_own(attention, order):
    model, (read, asked) = network(attention, order), symbols()
    record, decoded = traced(model), model(read.unsqueeze(0), None, asked.unsqueeze(0))
    np.testing.assert_allclose(record.weights, decoded.weights[0].numpy(), atol=1e-12)
    expected = decoded.logits[0].log_softmax(-1)[torch.arange(len(asked)), asked]
    np.testing.assert_allclose(record.log_probabilities, expected.numpy(), atol=1e-12)


@pytest.mark.parametrize("order", ["before", "after"])
@torch.no_grad()
def test_uniform_attention_is_the_plain_mean_of_the_states(order):
    """Under uniform weights the context is the states' mean: a decoder that is given it, with no attention at all, agrees."""
    model, (read, asked) = network("dot", order), symbols()
    record, encoded = traced(model), model.encode(read.unsqueeze(0))
    mean = encoded.states.mean(1)
    state, token, own, chances = encoded.state, torch.tensor([1]), [], []
    for word in asked:
        inputs = model.target_embedding(token)
        if order == "before":
            inputs = torch.cat([inputs, mean], -1)
        state = (model.decoder(inputs.unsqueeze(1), state[0])[1],)
        top = torch.tanh(model.combine(torch.cat([mean, state[0][-1]], -1)))
        chances.append(model.readout(top)[0].softmax(-1))
        token = word.unsqueeze(0)
    own = model(read.unsqueeze(0), None, asked.unsqueeze(0)).logits[0].softmax(-1)
    forced = torch.stack(chances)
    np.testing.assert_allclose(record.uniform.distances[0], (forced - own).abs().sum(-1).numpy() / 2, atol=1e-10)
    picked = forced[torch.arange(len(asked)), asked]
    np.testing.assert_allclose(record.uniform.log_probabilities[0], picked.log().numpy(), atol=1e-10)


@torch.no_grad()
def test_permuted_attention_is_what_the_model_says_with_those_weights():
    model, (read, asked) = network(), symbols()
    record = traced(model, seed=5)
    orders = permuted_weights(torch.from_numpy(record.weights).unsqueeze(0), DRAWS, 5)
    own = model(read.unsqueeze(0), None, asked.unsqueeze(0)).logits[0].softmax(-1)
    for draw in (0, 41, DRAWS - 1):
        decoded = model(read.unsqueeze(0), None, asked.unsqueeze(0), forced_weights=orders[draw : draw + 1])
        np.testing.assert_array_equal(decoded.weights[0].numpy(), orders[draw].numpy())
        distances = (decoded.logits[0].softmax(-1) - own).abs().sum(-1).numpy() / 2
        np.testing.assert_allclose(record.permuted.distances[draw], distances, atol=1e-12)


def test_permuted_weights_are_the_same_numbers_in_another_order_by_the_seed():
    weights = torch.rand(1, 3, 7, generator=torch.Generator().manual_seed(0))
    drawn = permuted_weights(weights, 20, 1)
    np.testing.assert_array_equal(drawn.sort(-1).values, weights.sort(-1).values.expand(20, -1, -1))
    assert not torch.equal(drawn[0], drawn[1])
    assert torch.equal(drawn, permuted_weights(weights, 20, 1))
    assert not torch.equal(drawn, permuted_weights(weights, 20, 2))


def test_a_distance_is_between_nothing_and_everything():
    record = traced(network())
    for forced in (record.uniform, record.permuted):
        assert (forced.distances >= 0).all()
        assert (forced.distances <= 1).all()
        assert (forced.probabilities <= 1).all()


def test_nothing_of_the_model_is_touched():
    model = network()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    traced(model)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize(
    ("sentence", "attention", "said"), [((), "dot", "at least one word"), (SENTENCE, "none", "no attention")]
)
def test_what_cannot_be_traced_is_one_sentence(sentence, attention, said):
    with pytest.raises(TraceError, match=said):
        attribute(network(attention), sentence, WRITTEN, SOURCE, TARGET)
