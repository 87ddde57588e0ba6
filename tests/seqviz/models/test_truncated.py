"""Truncated backpropagation leaves of the whole gradient exactly what lies within a window."""

import pytest
import torch
from torch import nn

from seqviz.models.cells import SigmoidRNN
from seqviz.models.truncated import truncated_states
from seqviz.tracing.truncated import truncated_flow

TIME = 11
KINDS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN, "sigmoid": SigmoidRNN}
CUTS = [(4, 4), (5, 5), (6, 2), (4, 3), (3, 1), (20, 20), (20, 3), (1, 1)]  # window, stride


def made(kind, layers=1):
    with torch.random.fork_rng():
        torch.manual_seed(2)
        return KINDS[kind](3, 4, num_layers=layers, batch_first=True).double()


def drawn():
    return torch.randn(2, TIME, 3, generator=torch.Generator().manual_seed(5)).double().requires_grad_()


def begins(window, stride):
    """For each step, the first step that its loss can reach."""
    return [max(0, step - step % stride + stride - window) for step in range(TIME)]


def into_inputs(states, inputs):
    """The gradient of each step's states, summed, at each input: (loss step, batch, input step, input)."""
    return torch.stack([torch.autograd.grad(states[:, at].sum(), inputs, retain_graph=True)[0] for at in range(TIME)])


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("window", "stride"), CUTS)
def test_a_loss_reaches_what_its_window_holds_with_the_whole_gradient_and_nothing_before(kind, layers, window, stride):
    rnn, inputs = made(kind, layers), drawn()
    states, whole = truncated_states(rnn, inputs, window, stride, carried=True), rnn(inputs)[0]
    torch.testing.assert_close(states, whole)
    found, expected = into_inputs(states, inputs), into_inputs(whole, inputs)
    for at, begin in enumerate(begins(window, stride)):
        torch.testing.assert_close(found[at, :, begin:], expected[at, :, begin:])
        assert not found[at, :, :begin].any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("window", "stride"), CUTS)
def test_a_state_that_is_not_carried_begins_each_window_with_zeros(kind, window, stride):
    rnn, inputs = made(kind, 2), drawn()
    states = truncated_states(rnn, inputs, window, stride, carried=False)
    for at, begin in enumerate(begins(window, stride)):
        torch.testing.assert_close(states[:, at], rnn(inputs[:, begin : at + 1])[0][:, -1])


@pytest.mark.parametrize("carried", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("window", "stride"), CUTS)
def test_the_flow_is_that_of_all_losses_within_their_windows(kind, window, stride, carried):
    rnn, inputs = made(kind), drawn().detach()
    weights = torch.randn(2, TIME, 4, generator=torch.Generator().manual_seed(8)).double()
    states, norms = truncated_flow(rnn, inputs, lambda read: (read * weights).sum(), window, stride, carried=carried)
    torch.testing.assert_close(
        torch.from_numpy(states), truncated_states(rnn, inputs, window, stride, carried=carried).detach()
    )
    total = torch.zeros(2, TIME, 4).double()
    for at, begin in enumerate(begins(window, stride)):
        loss, read = stepped(rnn, inputs, weights, at, begin, carried=carried)
        for step, gradient in zip(range(begin, at + 1), torch.autograd.grad(loss, read), strict=True):
            total[:, step] += gradient
    torch.testing.assert_close(torch.from_numpy(norms), total.norm(dim=-1))


def stepped(rnn, inputs, weights, at, begin, *, carried):
    """The loss of one step, and the states from ``begin`` on that lead to it, each called for by itself."""
    state = rnn(inputs[:, :begin])[1] if carried and begin else None
    read = []
    for step in range(begin, at + 1):
        _, state = rnn(inputs[:, step : step + 1], state)
        hidden = (state[0] if isinstance(state, tuple) else state)[0].clone()  # the one layer's
        state = (hidden[None], state[1]) if isinstance(state, tuple) else hidden[None]
        read.append(hidden)
    return (read[-1] * weights[:, at]).sum(), read


def test_without_a_cut_the_flow_is_the_whole_one():
    rnn, inputs = made("lstm", 2), drawn().detach()
    whole = truncated_flow(rnn, inputs, lambda read: read[:, -1].sum(), TIME, TIME, carried=True)[1]
    cut = truncated_flow(rnn, inputs, lambda read: read[:, -1].sum(), 4, 4, carried=True)[1]
    assert (whole > 0).all()
    assert not cut[:, :8].any()
    torch.testing.assert_close(torch.from_numpy(cut[:, 8:]), torch.from_numpy(whole[:, 8:]))
