"""The lab's own recurrent modules follow the protocol of nn.RNN."""

import itertools

import pytest
import torch
from torch import nn

from seqviz.models.cells import LinearRNN, SigmoidRNN
from tests.seqviz.tracing.unrolled import draw, unroll


def twin(own, **settings):
    """Return an nn.RNN of the same shape."""
    return nn.RNN(own.input_size, own.hidden_size, **settings)


SETTINGS = [
    {"num_layers": layers, "bidirectional": both, "batch_first": batch_first, "bias": bias}
    for layers, both, batch_first, bias in itertools.product((1, 3), (False, True), (False, True), (False, True))
]


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("kind", [SigmoidRNN, LinearRNN])
def test_parameters_are_named_and_shaped_as_in_nn_rnn(kind, settings):
    own = kind(3, 5, **settings)
    names = {name: one.shape for name, one in own.named_parameters()}
    assert names == {name: one.shape for name, one in twin(own, **settings).named_parameters()}


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("batch", [2, None])
@pytest.mark.parametrize("with_state", [True, False])
def test_sigmoid_rnn_matches_unrolled_cells_and_the_layout_of_nn_rnn(settings, batch, with_state):
    own = SigmoidRNN(3, 5, **settings).double()
    inputs, state = draw(own, batch=batch, with_state=with_state)
    output, final = own(inputs, state)
    expected = unroll(own, inputs, state)
    torch.testing.assert_close(output, expected.output)
    torch.testing.assert_close(final, expected.final)
    theirs = twin(own, **settings).double()(inputs, state)
    assert output.shape == theirs[0].shape
    assert final.shape == theirs[1].shape


def test_gradients_match_unrolled_cells():
    own = SigmoidRNN(3, 5, num_layers=2, bidirectional=True).double()
    inputs, _ = draw(own)
    own(inputs)[0].square().sum().backward()
    unrolled = unroll(own, inputs).output.square().sum()
    for parameter, expected in zip(own.parameters(), torch.autograd.grad(unrolled, list(own.parameters())), strict=True):
        torch.testing.assert_close(parameter.grad, expected)


def test_dropout_between_layers_acts_in_training_mode_alone():
    own = SigmoidRNN(3, 5, num_layers=2, dropout=0.9)
    inputs, _ = draw(own)
    assert not torch.equal(own(inputs)[0], own(inputs)[0])
    own.eval()
    assert torch.equal(own(inputs)[0], own(inputs)[0])


def test_the_same_seed_gives_the_same_weights_as_nn_rnn():
    with torch.random.fork_rng():
        torch.manual_seed(3)
        own = SigmoidRNN(3, 5)
        torch.manual_seed(3)
        theirs = nn.RNN(3, 5)
    assert all(torch.equal(one, other) for one, other in zip(own.parameters(), theirs.parameters(), strict=True))


def test_inputs_of_the_wrong_width_are_refused_as_nn_rnn_does():
    with pytest.raises(RuntimeError, match="got 7"):
        SigmoidRNN(3, 5)(torch.zeros(4, 2, 7))
