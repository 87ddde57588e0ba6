"""A network is PyTorch's cells under a linear readout, at the last step or at every step."""

from itertools import product

import pytest
import torch
from torch import nn

from seqviz.experiment import RecurrentConfig
from seqviz.models import build_network, trained_network
from seqviz.models.cells import SigmoidRNN

KINDS = {
    ("rnn", "tanh"): nn.RNN,
    ("rnn", "relu"): nn.RNN,
    ("rnn", "sigmoid"): SigmoidRNN,
    ("lstm", "tanh"): nn.LSTM,
    ("gru", "tanh"): nn.GRU,
}


def built(answer="last", **settings):
    config = RecurrentConfig(**{"hidden_size": 5, **settings})
    return build_network(config, input_size=3, output_size=2, answer=answer, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(("kind", "layers", "bidirectional"), list(product(KINDS, [1, 2, 4], [False, True])))
def test_a_network_of_every_form_answers_and_learns(kind, layers, bidirectional):
    name, activation = kind
    model = built(name=name, activation=activation, layers=layers, bidirectional=bidirectional)
    assert type(model.rnn) is KINDS[kind]
    assert (model.rnn.num_layers, model.rnn.bidirectional, model.rnn.batch_first) == (layers, bidirectional, True)
    outputs = model(torch.ones(4, 6, 3))
    assert outputs.shape == (4, 2)
    outputs.sum().backward()
    assert all(weight.grad is not None for weight in model.parameters())
    every = built("every", name=name, activation=activation, layers=layers, bidirectional=bidirectional)
    assert every(torch.ones(4, 6, 3)).shape == (4, 6, 2)


@pytest.mark.parametrize(("name", "gates"), [("rnn", 1), ("lstm", 4), ("gru", 3)])
def test_there_are_as_many_weights_as_in_pytorchs_cell(name, gates):
    count = sum(weight.numel() for weight in built(name=name).rnn.parameters())
    assert count == gates * (5 * 3 + 5 * 5 + 2 * 5)


def test_the_activation_is_the_chosen_one():
    assert built(name="rnn", activation="relu").rnn.nonlinearity == "relu"
    assert built(name="rnn", activation="tanh").rnn.nonlinearity == "tanh"


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_last_answer_is_read_off_the_final_states(name, bidirectional):
    model = built(name=name, layers=2, bidirectional=bidirectional)
    inputs = torch.randn(4, 6, 3, generator=torch.Generator().manual_seed(1))
    _, final = model.rnn(inputs)
    final = final[0] if name == "lstm" else final
    directions = 2 if bidirectional else 1
    expected = model.readout(torch.cat(list(final[-directions:]), dim=1))
    torch.testing.assert_close(model(inputs), expected)


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru"])
def test_a_trained_model_answers_as_the_one_whose_weights_it_was_given_and_shares_none(name):
    config = RecurrentConfig(name=name, hidden_size=5, layers=2)
    first = build_network(config, input_size=3, output_size=2, answer="every", generator=torch.Generator().manual_seed(1))
    weights = {name: weight.detach().numpy() for name, weight in first.named_parameters()}
    again, inputs = trained_network(config, weights, answer="every"), torch.randn(4, 7, 3)
    assert torch.equal(again(inputs), first(inputs))
    assert not any(
        mine.data_ptr() == yours.data_ptr() for mine, yours in zip(again.parameters(), first.parameters(), strict=True)
    )
