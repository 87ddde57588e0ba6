"""A network made of somebody's own weights reads a text as their own module does, with the gradients that autograd finds."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import save
from torch import nn

from seqviz.answers.weights import answer_weights
from seqviz.errors import LimitError, TextError
from seqviz.store import open_store
from seqviz.subjects.weights import ReadByWeights

ALPHABET = [*"abc .", "<unk>"]


class Net(nn.Module):
    def __init__(self, answers=None):
        super().__init__()
        self.embed, self.lstm = nn.Embedding(len(ALPHABET), 4), nn.LSTM(4, 5, num_layers=2)
        self.out = nn.Linear(5, answers or len(ALPHABET))

    def forward(self, ids):
        return self.out(self.lstm(self.embed(ids))[0])


@pytest.fixture
def model():
    torch.manual_seed(0)
    return Net()


def kept(model, words=ALPHABET):
    return open_store().own.add(save(dict(model.state_dict())), None if words is None else json.dumps(words).encode())


def read(name, text, **more):
    return answer_weights(ReadByWeights(weights=name, text=text, **more))


def test_losses_and_gradients_are_those_of_the_module(own_store, model):
    trace = read(kept(model), "abc cab.")
    ids = torch.tensor([ALPHABET.index(one) for one in "abc cab."])
    logits = model(ids[:-1].unsqueeze(1))[:, 0]
    losses = nn.functional.cross_entropy(logits, ids[1:], reduction="none")
    np.testing.assert_allclose(trace.losses, losses.detach(), rtol=1e-5)
    assert (trace.kind, trace.tokens, trace.asked) == ("LSTM", tuple("abc cab."), "the last token's loss")
    assert trace.names == {"embedding": "embed.weight", "recurrent layers": "lstm", "output": "out.weight"}
    output = model.lstm(model.embed(ids[:-1].unsqueeze(1)))[0].detach().requires_grad_()
    (direct,) = torch.autograd.grad(nn.functional.cross_entropy(model.out(output[-1]), ids[-1:]), output)
    np.testing.assert_allclose(trace.flow.direct_norms[1, 0, 0], direct[:, 0].norm(dim=1), rtol=1e-5)
    assert trace.gates.gates["forget"].shape == (2, 1, 1, 7, 5)
    assert trace.map.norms.shape == (2, 1, 1, 7, 7)
    np.testing.assert_allclose(trace.map.norms[:, 0, 0, -1], trace.flow.hidden_norms[:, 0, 0], rtol=1e-4)


def test_words_that_are_not_known_are_the_unknown_symbol_or_refused(own_store, model):
    assert read(kept(model), "abz").tokens == ("a", "b", "z")
    names = [*"abc .", "d"]
    with pytest.raises(TextError, match="the network knows no 'z', '!', and has no symbol for what it does not know"):
        read(kept(model, names), "az!")


def test_words_are_read_as_they_are_or_by_our_own_tokeniser(own_store, model):
    words = ["the", "cat", "sat", ".", "l'", "<unk>"]
    name = kept(model, words)
    assert read(name, "the cat sat .").tokens == ("the", "cat", "sat", ".")
    assert read(name, "The cat sat.").tokens == ("the", "cat", "sat", ".")


def test_without_a_vocabulary_a_text_is_numbers(own_store, model):
    name = kept(model, None)
    assert read(name, "0, 5 2").tokens == ("0", "5", "2")
    for text, words in (("0 6", "from 0 to 5, with blanks between, got '6'"), ("a", "got 'a'"), ("", "got none")):
        with pytest.raises(TextError, match=words):
            read(name, text)


def test_a_classifier_is_asked_for_its_likeliest_answer(own_store):
    torch.manual_seed(0)
    model = Net(answers=3)
    trace = read(kept(model), "abc")
    assert (trace.losses, trace.map, trace.asked) == (None, None, "the loss of its own likeliest answer")
    output = model.lstm(model.embed(torch.tensor([[0], [1], [2]])))[0].detach().requires_grad_()
    (direct,) = torch.autograd.grad(-model.out(output[-1]).log_softmax(1).max(), output)
    np.testing.assert_allclose(trace.flow.direct_norms[1, 0, 0], direct[:, 0].norm(dim=1), rtol=1e-5)


def test_what_does_not_fit_is_said(own_store, model):
    with pytest.raises(TextError, match="a word for each of the network's 6 symbols, got 2"):
        read(kept(model, ["a", "b"]), "ab")
    with pytest.raises(LimitError, match="at most 1,000 tokens on this server, got 1,001"):
        read(kept(model), "a" * 1001)
