"""Influence equals autograd's, the change of a replaced word a reading of the other sentence, products finite differences."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from seqviz.errors import TraceError
from seqviz.tracing.influence import (
    changes_by_replacement,
    gradient_times_input,
    input_influence,
    next_words,
    product_agreement,
    word_log_probabilities,
)

WORDS = 7
SYMBOLS = torch.tensor([4, 5, 6, 5, 4])
TARGETS = torch.tensor([5, 6, 5, 4, 6])


class Model(nn.Module):
    def __init__(self, cell=nn.LSTM, size=WORDS, out=WORDS):
        super().__init__()
        self.rnn, self.readout = cell(size, 5, batch_first=True), nn.Linear(5, out)

    def forward(self, inputs):
        return self.readout(self.rnn(inputs)[0])


@pytest.fixture(params=[nn.RNN, nn.LSTM, nn.GRU])
def model(request):
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return Model(request.param).double().requires_grad_(False)


def one_hot(symbols):
    return F.one_hot(torch.as_tensor(symbols), WORDS).double()


def log_p(model, symbols, row):
    return model(one_hot(symbols).unsqueeze(0))[0, row].log_softmax(-1)[TARGETS[row]]


def test_gradient_times_input_equals_autograd_row_by_row(model):
    found = gradient_times_input(model, SYMBOLS, TARGETS, WORDS)
    for row in range(5):
        read = one_hot(SYMBOLS).unsqueeze(0).requires_grad_()
        (gradient,) = torch.autograd.grad(model(read)[0, row].log_softmax(-1)[TARGETS[row]], read)
        torch.testing.assert_close(found[row], gradient[0].gather(1, SYMBOLS.unsqueeze(1)).squeeze(1))
    assert not found.triu(1).any()


def test_gradient_times_input_is_that_of_an_embedding(model):
    embedded = F.linear(one_hot(SYMBOLS), model.rnn.weight_ih_l0).detach().unsqueeze(0).requires_grad_()
    rest = type(model.rnn)(len(model.rnn.weight_ih_l0), 5, batch_first=True).double()
    rest.load_state_dict({**model.rnn.state_dict(), "weight_ih_l0": torch.eye(len(model.rnn.weight_ih_l0)).double()})
    value = model.readout(rest(embedded)[0])[0, -1].log_softmax(-1)[TARGETS[-1]]
    (gradient,) = torch.autograd.grad(value, embedded)
    torch.testing.assert_close(
        gradient_times_input(model, SYMBOLS, TARGETS, WORDS)[-1], (gradient * embedded).sum(-1)[0].detach()
    )


def test_change_is_a_direct_reading_of_each_other_sentence(model):
    others = [np.array([5, 6]), np.array([4]), np.array([4, 5]), np.array([3, 4, 6]), np.array([], dtype=np.int64)]
    found = changes_by_replacement(model, SYMBOLS, TARGETS, others, WORDS)
    for row in range(5):
        for place in range(4):
            replaced = [[*SYMBOLS[:place], other, *SYMBOLS[place + 1 :]] for other in others[place]]
            mean = torch.stack([log_p(model, one, row) for one in replaced]).mean()
            expected = log_p(model, SYMBOLS, row) - mean if place <= row else torch.tensor(0.0).double()
            torch.testing.assert_close(found[row, place], expected)
    assert not found[:, 4].any()  # which nothing can replace


def test_products_agree_with_finite_differences(model):
    products = gradient_times_input(model, SYMBOLS, TARGETS, WORDS)[-1]
    for place in range(5):
        found = product_agreement(model, SYMBOLS, int(TARGETS[-1]), float(products[place]), place, WORDS)
        assert found.relative_error < 1e-5


def test_next_words_and_log_probabilities_are_the_networks_own(model):
    own = model(one_hot(SYMBOLS).unsqueeze(0))[0].log_softmax(-1)
    torch.testing.assert_close(next_words(model, SYMBOLS, WORDS), own[-1])
    torch.testing.assert_close(word_log_probabilities(model, one_hot(SYMBOLS).unsqueeze(0), TARGETS)[0], own[range(5), TARGETS])
    with pytest.raises(TraceError, match="at least one word"):
        next_words(model, SYMBOLS[:0], WORDS)


def test_influence_of_inputs_equals_autograd_of_each_sequence():
    with torch.random.fork_rng():
        torch.manual_seed(2)
        model, inputs = Model(nn.GRU, 3, 4).double().requires_grad_(False), torch.randn(2, 6, 3, dtype=torch.float64)
    targets = torch.tensor([1, 3])
    found = input_influence(model, inputs, lambda answers: F.cross_entropy(answers, targets, reduction="none"))
    for one in range(2):
        jacobian = torch.autograd.functional.jacobian(lambda read: model(read.unsqueeze(0))[0, -1], inputs[one])
        np.testing.assert_allclose(found.jacobians[one, ::-1], jacobian.square().sum((0, 2)).sqrt().numpy(), rtol=1e-10)
        read = inputs[one].clone().requires_grad_()
        (gradient,) = torch.autograd.grad(F.cross_entropy(model(read.unsqueeze(0))[0, -1], targets[one]), read)
        np.testing.assert_allclose(found.gradients[one, ::-1], gradient.norm(dim=1).numpy(), rtol=1e-10)
    assert found.agreement.relative_error < 1e-5
