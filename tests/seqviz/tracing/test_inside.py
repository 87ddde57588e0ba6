"""A recurrent layer inside a whole model is traced as that model uses it, and the model is left as it was."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import seqviz
from seqviz.errors import TraceError, UnsupportedModelError

WORDS, LENGTHS = torch.tensor([[1, 2, 3, 4, 0], [5, 6, 7, 8, 9], [2, 0, 0, 0, 0]]), torch.tensor([4, 5, 1])


class Encoder(nn.Module):
    def __init__(self, **settings):
        super().__init__()
        self.lstm = nn.LSTM(4, 6, bidirectional=True, batch_first=True, **settings)

    def forward(self, embedded, lengths, state):
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        output, (hidden, _) = self.lstm(packed, hx=state)
        return pad_packed_sequence(output, batch_first=True)[0], hidden


class Tagger(nn.Module):
    """Embedding with dropout, a packed LSTM, batch normalisation, a head."""

    def __init__(self, **settings):
        super().__init__()
        self.embedding, self.dropout, self.encoder = nn.Embedding(10, 4), nn.Dropout(0.5), Encoder(**settings)
        self.norm, self.head = nn.BatchNorm1d(12), nn.Linear(12, 3)

    def forward(self, words, lengths, state=None):
        output, hidden = self.encoder(self.dropout(self.embedding(words)), lengths, state)
        return self.head(self.norm(output[:, 0])) + hidden.sum()


def squared(answer):
    return (answer**2).sum()


@pytest.mark.parametrize("given", [(WORDS, LENGTHS), {"words": WORDS, "lengths": LENGTHS}], ids=["tuple", "mapping"])
@pytest.mark.parametrize("layer", [None, "encoder.lstm"])
@pytest.mark.parametrize("training", [True, False])
def test_a_layer_is_traced_as_its_model_uses_it(training, layer, given):
    model = Tagger().double().train(training)
    kept, random = {name: one.clone() for name, one in model.state_dict().items()}, torch.get_rng_state()
    flow = seqviz.gradient_flow(model, given, squared, layer=layer)
    assert all(torch.equal(kept[name], one) for name, one in model.state_dict().items())
    assert torch.equal(random, torch.get_rng_state())
    assert "forward" not in vars(model.encoder.lstm)
    assert all(parameter.grad is None for parameter in model.parameters())

    state = [torch.zeros(2, 3, 6, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    by_hidden, by_cell = torch.autograd.grad(squared(model(WORDS, LENGTHS, state)), state)  # the same masks are dropped
    np.testing.assert_allclose(flow.initial_hidden_norms[0], by_hidden.norm(dim=-1).numpy(), rtol=1e-12)
    np.testing.assert_allclose(flow.initial_cell_norms[0], by_cell.norm(dim=-1).numpy(), rtol=1e-12)
    assert flow.lengths.tolist() == LENGTHS.tolist()


def test_a_map_and_gates_of_a_layer_inside_are_those_of_the_layer_alone():
    model, inputs = nn.ModuleDict({"first": nn.GRU(3, 4), "second": nn.LSTM(4, 5)}), torch.randn(6, 2, 3)
    model.forward = lambda read: model["second"](model["first"](read)[0])[0]
    first, _ = model["first"](inputs)
    whole = seqviz.gradient_map(model, inputs, lambda output: output.sum(dim=(1, 2)), layer="second")
    alone = seqviz.gradient_map(model["second"], first, lambda output, final: output.sum(dim=(1, 2)))
    np.testing.assert_array_equal(whole.norms, alone.norms)
    gates, own = seqviz.trace_gates(model, inputs, layer="second"), seqviz.trace_gates(model["second"], first)
    np.testing.assert_array_equal(gates.cell, own.cell)


def test_a_model_in_half_precision_keeps_its_type_outside_the_layer():
    model = nn.Sequential(nn.Linear(3, 4), nn.LSTM(4, 5)).bfloat16()
    head = nn.Linear(5, 1).bfloat16()
    flow = seqviz.gradient_flow(model, torch.randn(6, 2, 3).bfloat16(), lambda answer: head(answer[0]).float().sum())
    assert flow.note == "The weights are bfloat16; everything was traced in float32."


class Stepping(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.idle = nn.RNN(3, 4), nn.GRU(3, 4)

    def forward(self, inputs):
        state = None
        for one in inputs:
            _, state = self.rnn(one.unsqueeze(0), state)
        return state


@pytest.mark.parametrize(
    ("model", "asked", "error", "said"),
    [
        (nn.Sequential(nn.LSTM(3, 4), nn.GRU(3, 4)), {}, UnsupportedModelError, "choose one by layer='0' or '1'"),
        (Tagger(), {"layer": "lstm"}, UnsupportedModelError, "no recurrent layer 'lstm'; it has 'encoder.lstm'"),
        (nn.LSTM(3, 4), {"layer": "lstm"}, UnsupportedModelError, "LSTM has no layers to choose from; leave out layer"),
        (Stepping(), {"layer": "rnn"}, TraceError, "rnn is called 6 times in one call of Stepping"),
        (Stepping(), {"layer": "idle"}, TraceError, "idle is called not at all in one call of Stepping"),
        (Tagger(), {"lengths": [1]}, TraceError, "lengths belongs to a recurrent layer; Tagger gives its layers their own"),
        (Tagger(), {"state": torch.zeros(1)}, TraceError, "state belongs to a recurrent layer"),
    ],
)  # fmt: skip
def test_what_cannot_be_found_inside_is_one_sentence(model, asked, error, said):
    with pytest.raises(error, match=said):
        seqviz.trace_gates(model, torch.zeros(6, 2, 3), **asked)


def test_an_error_of_the_model_comes_through_and_leaves_it_as_it_was():
    model = Tagger()
    with pytest.raises(IndexError):
        seqviz.gradient_flow(model, (torch.full((1, 2), 99), torch.tensor([2])), squared)
    assert "forward" not in vars(model.encoder.lstm)
    assert not model.encoder.lstm._forward_pre_hooks
