"""What cannot be traced is refused in one clear sentence; what is traced is left as it was."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence

import seqviz
from seqviz.errors import TraceError, UnsupportedModelError
from seqviz.tracing.agreement import agreement
from seqviz.tracing.contributions import weight_contributions
from seqviz.tracing.network import read_inputs, read_network
from tests.seqviz.tracing.unrolled import CELLS, build, draw


def total(output, final):
    return (output**2).sum()


def by_step(output, final):
    return (output**2).sum(dim=(1, 2))


def failing(output, final):
    torch.rand(3)
    raise ZeroDivisionError


TRACES = {
    "trace_gates": lambda rnn, inputs, loss: seqviz.trace_gates(rnn, inputs),
    "gradient_flow": lambda rnn, inputs, loss: seqviz.gradient_flow(rnn, inputs, loss or total),
    "gradient_map": lambda rnn, inputs, loss: seqviz.gradient_map(rnn, inputs, loss or by_step),
    "separable map": lambda rnn, inputs, loss: seqviz.gradient_map(rnn, inputs, loss or by_step, separable=True),
    "jacobians": lambda rnn, inputs, loss: seqviz.jacobians(rnn, inputs),
    "weight_contributions": lambda rnn, inputs, loss: weight_contributions(rnn, inputs, loss or total),
    "agreement": lambda rnn, inputs, loss: agreement(rnn, inputs, loss or total),
}


class Witness:
    """Everything about a module that a trace must leave alone."""

    def __init__(self, rnn, inputs):
        self.rnn, self.inputs, self.given = rnn, inputs, inputs.clone()
        self.weights = copy.deepcopy(rnn.state_dict())
        self.grads = {name: None if one.grad is None else one.grad.clone() for name, one in rnn.named_parameters()}
        self.modes = [one.training for one in rnn.modules()]
        self.needs = [one.requires_grad for one in rnn.parameters()]
        self.random = torch.random.get_rng_state()
        self.grad_enabled = torch.is_grad_enabled()

    def holds(self):
        assert all(torch.equal(self.weights[name], one) for name, one in self.rnn.state_dict().items())
        for name, one in self.rnn.named_parameters():
            assert (one.grad is None) == (self.grads[name] is None)
            assert one.grad is None or torch.equal(one.grad, self.grads[name])
        assert self.modes == [one.training for one in self.rnn.modules()]
        assert self.needs == [one.requires_grad for one in self.rnn.parameters()]
        assert torch.equal(self.random, torch.random.get_rng_state())
        assert self.grad_enabled == torch.is_grad_enabled()
        assert torch.equal(self.inputs, self.given)
        assert self.inputs.grad is None


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("trace", TRACES)
def test_a_trace_leaves_everything_as_it_was(trace, cell, training):
    rnn = build(cell, num_layers=2, dropout=0.5).train(training).double()
    inputs = draw(rnn)[0].requires_grad_()
    for parameter in list(rnn.parameters())[::2]:
        parameter.grad = torch.ones_like(parameter)
    rnn.weight_ih_l0.requires_grad_(False)
    fired = []
    hook = rnn.register_forward_hook(lambda *anything: fired.append(anything))
    witness = Witness(rnn, inputs)
    TRACES[trace](rnn, inputs, None)
    witness.holds()
    assert len(fired) == 1  # once: only a call shows whether it changes what the module returns
    assert list(rnn._forward_hooks) == [hook.id]


@pytest.mark.parametrize("trace", ["gradient_flow", "gradient_map", "separable map", "weight_contributions", "agreement"])
def test_a_loss_that_raises_leaves_everything_as_it_was(trace):
    rnn = build("lstm", num_layers=2, dropout=0.5).double()
    inputs, _ = draw(rnn)
    witness = Witness(rnn, inputs)
    with pytest.raises(ZeroDivisionError):
        TRACES[trace](rnn, inputs, failing)
    witness.holds()


@pytest.mark.parametrize("trace", TRACES)
@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode, lambda: torch.autocast("cpu", dtype=torch.bfloat16)])
def test_a_trace_is_the_same_whatever_mode_the_caller_is_in(trace, mode):
    rnn = build("gru", num_layers=2)
    inputs, _ = draw(rnn)
    plain = TRACES[trace](rnn, inputs, None)
    with mode():
        inside = TRACES[trace](rnn, inputs.clone(), None)
    for name, value in vars(plain).items():
        assert repr(value) == repr(getattr(inside, name))


class Wrapped(nn.LSTM):
    def forward(self, inputs, state=None):
        return super().forward(2 * inputs, state)


@pytest.mark.parametrize(
    ("rnn", "said"),
    [
        (nn.Linear(3, 3), "Linear cannot be traced"),
        (nn.LSTMCell(3, 3), "LSTMCell cannot be traced"),
        (nn.LSTM(3, 4, dtype=torch.complex64), "must be real floating-point numbers to be traced, got complex64"),
        (Wrapped(3, 4), "Wrapped has a forward of its own"),
    ],
)
def test_a_module_that_cannot_be_traced_is_named(rnn, said):
    with pytest.raises(UnsupportedModelError, match=said):
        seqviz.trace_gates(rnn, torch.zeros(2, 1, 3))


def test_a_subclass_that_only_adds_to_a_module_is_traced():
    class Named(nn.GRU):
        name = "mine"

    assert seqviz.trace_gates(Named(3, 4), torch.zeros(2, 1, 3)).hidden.shape == (1, 1, 1, 2, 4)


def test_weights_that_are_not_finite_are_named():
    rnn = nn.GRU(3, 4)
    rnn.bias_hh_l0.data[1] = torch.nan
    with pytest.raises(TraceError, match="bias_hh_l0 holds NaN or infinity"):
        read_network(rnn)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (torch.zeros(0, 2, 3), "at least one time step and one sequence, got shape"),
        (torch.zeros(4, 0, 3), "at least one time step and one sequence, got shape"),
        (torch.zeros(0, 3), "at least one time step and one sequence, got shape"),
        (torch.zeros(4, 2, 5), r"must have shape \(time, batch, input\) or \(time, input\) with input = 3, got \(4, 2, 5\)"),
        (torch.zeros(3), "must have shape"),
        (torch.zeros(1, 4, 2, 3), "must have shape"),
        (torch.full((4, 2, 3), torch.nan), "inputs must be finite"),
        (torch.full((4, 2, 3), -torch.inf), "inputs must be finite"),
        (torch.zeros(4, 2, 3, dtype=torch.float64), "inputs must be float32, like the weights, got float64"),
        (torch.zeros(4, 2, 3, dtype=torch.int64), "inputs must be float32, like the weights, got int64"),
        (torch.zeros(4, 2, 3, device="meta"), "inputs must be on cpu, like the weights, got meta"),
        ([[1.0]], "inputs must be a tensor, got list"),
        (pack_sequence([torch.zeros(4, 5)]), "must have shape"),
        (pack_sequence([torch.full((4, 3), torch.nan)]), "inputs must be finite"),
        (pack_sequence([torch.zeros(4)]), r"one row of features for each step, got data of shape \(4,\)"),
    ],
)
def test_inputs_that_cannot_be_read_are_refused(inputs, said):
    with pytest.raises(TraceError, match=said):
        read_inputs(read_network(nn.LSTM(3, 4)), inputs)


def test_large_inputs_whose_sum_overflows_are_finite():
    assert read_inputs(read_network(nn.LSTM(3, 4)), torch.full((4, 2, 3), 3e38)) is not None


@pytest.mark.parametrize(
    ("cell", "state", "said"),
    [
        ("gru", torch.zeros(1, 3, 4), r"state must have shape \(1, 2, 4\), got \(1, 3, 4\)"),
        ("gru", torch.zeros(1, 4), r"state must have shape \(1, 2, 4\)"),
        ("gru", (torch.zeros(1, 2, 4), torch.zeros(1, 2, 4)), "state must be a tensor, got tuple"),
        ("lstm", torch.zeros(1, 2, 4), "a pair of tensors"),
        ("lstm", (torch.zeros(1, 2, 4),), "a pair of tensors"),
        ("lstm", (torch.zeros(1, 2, 4), torch.zeros(1, 2, 5)), "state must have shape"),
        ("lstm", (torch.zeros(1, 2, 4), torch.full((1, 2, 4), torch.nan)), "state must be finite"),
    ],
)
def test_a_state_that_does_not_fit_is_refused(cell, state, said):
    rnn = build(cell)
    with pytest.raises(TraceError, match=said):
        read_inputs(read_network(rnn), draw(rnn)[0], state)


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        (lambda output, final: output, r"a single value, so a tensor of shape \(\), got \(5, 2, 4\)"),
        (lambda output, final: 3.0, "must return a tensor with a single value, got float"),
        (lambda output, final: output.detach().sum(), "does not depend on the network's outputs"),
        (lambda output, final: torch.zeros(()), "does not depend on the network's outputs"),
    ],
)
def test_a_loss_that_has_no_gradient_is_refused(loss, said):
    rnn = build("gru")
    with pytest.raises(TraceError, match=said):
        seqviz.gradient_flow(rnn, draw(rnn)[0], loss)


def test_losses_that_are_not_one_for_each_step_are_refused():
    rnn = build("gru")
    with pytest.raises(TraceError, match="one value for each of the 5 time steps"):
        seqviz.gradient_map(rnn, draw(rnn)[0], total)


def test_a_hook_that_was_there_can_still_be_removed():
    rnn = nn.LSTM(3, 4)
    handle = rnn.register_forward_hook(lambda *given: None)
    seqviz.trace_gates(rnn, torch.zeros(2, 1, 3))
    handle.remove()
    assert not rnn._forward_hooks
