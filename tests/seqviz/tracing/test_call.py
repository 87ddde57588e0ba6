"""What is traced is what the module's next call computes: its weights then, its wrappers, its hooks, its precision."""

import copy
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, parametrize, prune

import seqviz
from seqviz.errors import UnsupportedModelError

CELLS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN, "relu": partial(nn.RNN, nonlinearity="relu")}


class Doubled(nn.Module):
    def forward(self, weight):
        return 2 * weight


def by_weight_norm(rnn):
    rnn = nn.utils.weight_norm(rnn, "weight_hh_l0")
    with torch.no_grad():
        rnn.weight_hh_l0_g.mul_(3)  # the weight itself is stale until the next call


def by_new_weight_norm(rnn):
    parametrizations.weight_norm(rnn, "weight_hh_l0")
    with torch.no_grad():
        rnn.parametrizations.weight_hh_l0.original0.mul_(3)


def by_loading(rnn):
    other = nn.utils.weight_norm(copy.deepcopy(rnn), "weight_hh_l0").state_dict()
    nn.utils.weight_norm(rnn, "weight_hh_l0").load_state_dict({name: 2 * one for name, one in other.items()})


def by_own_hook(rnn):
    raw = nn.Parameter(rnn.weight_hh_l0.detach().clone())
    del rnn._parameters["weight_hh_l0"]
    rnn.register_parameter("raw", raw)
    rnn.weight_hh_l0 = torch.zeros_like(raw)

    def drop(module, args):
        module.weight_hh_l0 = nn.functional.dropout(module.raw, 0.5, module.training)

    rnn.register_forward_pre_hook(drop)


COMPUTED = {
    "weight norm": by_weight_norm,
    "weight norm by parametrisation": by_new_weight_norm,
    "weight norm, freshly loaded": by_loading,
    "spectral norm": lambda rnn: nn.utils.spectral_norm(rnn, "weight_hh_l0"),
    "spectral norm by parametrisation": lambda rnn: parametrizations.spectral_norm(rnn, "weight_hh_l0"),
    "pruning": lambda rnn: prune.random_unstructured(rnn, "weight_hh_l0", 0.5),
    "a parametrisation of one's own": lambda rnn: parametrize.register_parametrization(rnn, "weight_ih_l0", Doubled()),
    "dropped weights": by_own_hook,
}


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("how", COMPUTED)
def test_weights_are_those_that_the_next_call_takes(how, cell, training):
    rnn, inputs = CELLS[cell](3, 5, 2), torch.randn(6, 2, 3)
    COMPUTED[how](rnn)
    rnn.train(training)
    kept, random = {name: one.clone() for name, one in rnn.state_dict().items()}, torch.get_rng_state()
    traced = seqviz.trace_gates(rnn, inputs)
    assert all(torch.equal(kept[name], one) for name, one in rnn.state_dict().items())
    assert torch.equal(random, torch.get_rng_state())
    with torch.no_grad():
        output, _ = rnn(inputs)
    np.testing.assert_array_equal(traced.hidden[-1, 0].transpose(1, 0, 2), output.numpy())


WRAPPED = {"compiled": torch.compile, "data parallel": nn.DataParallel, "scripted": torch.jit.script}


@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("how", WRAPPED)
def test_a_wrapped_module_is_traced_as_the_one_inside(how, cell):
    rnn, inputs = CELLS[cell](3, 5, 2, bidirectional=True, batch_first=True), torch.randn(2, 6, 3)
    inside = seqviz.gradient_flow(rnn, inputs, total)
    outside = seqviz.gradient_flow(WRAPPED[how](rnn), inputs, total)
    np.testing.assert_array_equal(outside.hidden_norms, inside.hidden_norms)


def total(output, final):
    return (output**2).sum()


def doubling(module, args, output):
    return 2 * output[0], output[1]


def doubling_in_place(module, args, output):
    output[0].mul_(2)


def dropping_the_state(module, args, output):
    return output[0], None


def giving_the_output_alone(module, args, output):
    return output[0]


def doubling_inputs(module, args):
    return (2 * args[0], *args[1:])


HOOKS = [doubling, doubling_in_place, doubling_inputs, dropping_the_state, giving_the_output_alone, partial(doubling)]


@pytest.mark.parametrize("other", [True, False])
@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_that_changes_what_a_call_returns_is_named(hook, other):
    rnn, inputs = nn.GRU(3, 5), torch.randn(6, 2, 3)
    given = inputs.clone()
    if other:
        rnn.register_forward_hook(lambda *anything: None)
    before = hook is doubling_inputs
    (rnn.register_forward_pre_hook if before else rnn.register_forward_hook)(hook)
    name = getattr(hook, "func", hook).__name__
    kind = "forward pre-hook" if before else "forward hook"
    with pytest.raises(UnsupportedModelError, match=f"this GRU cannot be traced: the {kind} {name} changes"):
        seqviz.gradient_flow(rnn, inputs, total)
    assert torch.equal(inputs, given)


def test_no_trace_overlooks_a_hook_that_changes_something():
    rnn, inputs = nn.GRU(3, 5), torch.randn(6, 2, 3)
    rnn.register_forward_hook(doubling)
    traces = (
        lambda: seqviz.trace_gates(rnn, inputs),
        lambda: seqviz.gradient_map(rnn, inputs, lambda output, final: output.sum(dim=(1, 2))),
        lambda: seqviz.jacobians(rnn, inputs),
        lambda: seqviz.weight_contributions(rnn, inputs, total),
        lambda: seqviz.agreement(rnn, inputs, total),
    )
    for trace in traces:
        with pytest.raises(UnsupportedModelError, match="forward hook doubling"):
            trace()


def test_a_hook_that_changes_nothing_is_allowed():
    rnn, inputs, seen = nn.LSTM(3, 5, 2), torch.randn(6, 2, 3), []
    plain = seqviz.trace_gates(rnn, inputs)
    rnn.register_forward_hook(lambda module, args, output: seen.append(output[0].detach()))
    np.testing.assert_array_equal(seqviz.trace_gates(rnn, inputs).hidden, plain.hidden)
    assert [one.shape for one in seen] == [(6, 2, 5)]  # of the very inputs that are traced, once


def test_a_hook_of_all_modules_is_named():
    handle = nn.modules.module.register_module_forward_hook(doubling)
    try:
        with pytest.raises(UnsupportedModelError, match="the hook of all modules doubling"):
            seqviz.trace_gates(nn.LSTM(3, 5), torch.zeros(6, 2, 3))
    finally:
        handle.remove()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("cell", CELLS)
def test_half_precision_is_traced_as_its_copy_in_float32_and_says_so(cell, dtype):
    rnn, inputs = CELLS[cell](3, 5, 2).to(dtype), torch.randn(6, 2, 3).to(dtype)
    traced = seqviz.gradient_flow(rnn, inputs, total)
    copied = seqviz.gradient_flow(copy.deepcopy(rnn).float(), inputs.float(), total)
    np.testing.assert_array_equal(traced.hidden_norms, copied.hidden_norms)
    assert (copied.note, traced.note) == ("", f"The weights are {str(dtype)[6:]}; everything was traced in float32.")
    assert rnn.weight_hh_l0.dtype == dtype


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("device", ["cpu"])
def test_autocast_of_the_caller_changes_nothing(device, dtype):
    rnn, inputs = nn.LSTM(3, 5), torch.randn(6, 2, 3)
    plain = seqviz.gradient_flow(rnn, inputs, total)
    with torch.autocast(device, dtype=dtype):
        inside = seqviz.gradient_flow(rnn, inputs, total)
    np.testing.assert_array_equal(plain.hidden_norms, inside.hidden_norms)


def test_autocast_is_off_for_every_device_once_cuda_runs(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(torch.random, "fork_rng", lambda devices=(): torch.autograd.profiler.record_function("nothing"))
    rnn, inputs = nn.LSTM(3, 5), torch.randn(6, 2, 3)
    plain = seqviz.trace_gates(rnn, inputs)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        np.testing.assert_array_equal(seqviz.trace_gates(rnn, inputs).hidden, plain.hidden)


def test_a_loss_may_edit_what_it_is_given():
    rnn, inputs = nn.LSTM(3, 5, batch_first=True), torch.randn(2, 6, 3)
    padding = torch.arange(6).expand(2, 6).unsqueeze(-1) > 3
    edited = seqviz.gradient_flow(rnn, inputs, lambda output, final: output.masked_fill_(padding, 0.0).sum())
    copied = seqviz.gradient_flow(rnn, inputs, lambda output, final: output.masked_fill(padding, 0.0).sum())
    np.testing.assert_array_equal(edited.hidden_norms, copied.hidden_norms)
