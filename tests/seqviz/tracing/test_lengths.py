"""Sequences of different lengths are traced as if each were alone, in both directions, whatever the layout."""

import itertools

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence, pad_packed_sequence, pad_sequence

import seqviz
from seqviz.errors import TraceError
from seqviz.tracing.contributions import weight_contributions
from tests.seqviz.tracing.unrolled import CELLS, build, sizes_of

NETWORKS = list(itertools.product(CELLS, (1, 2), (False, True), (False, True)))
LENGTHS = {"falling": [6, 4, 2, 1], "mixed": [2, 6, 1, 4], "alike": [3, 3]}


def sequences(lengths):
    return [torch.randn(length, 3, dtype=torch.float64) for length in lengths]


def states_of(rnn, count):
    rows = rnn.num_layers * (2 if rnn.bidirectional else 1)
    sizes = sizes_of(rnn)[: 2 if isinstance(rnn, nn.LSTM) else 1]
    parts = [torch.randn(rows, count, size, dtype=torch.float64) for size in sizes]
    return tuple(parts) if len(parts) == 2 else parts[0]


def own_state(state, at):
    return tuple(part[:, at : at + 1] for part in state) if isinstance(state, tuple) else state[:, at : at + 1]


def values_of(output):
    return output.data if isinstance(output, PackedSequence) else output


def total(output, final):
    """A loss that reads all outputs and all final states, each sequence for itself."""
    finals = final if isinstance(final, tuple) else (final,)
    return (values_of(output) ** 2).sum() + sum((part**3).sum() for part in finals)


def close(found, expected):
    assert np.abs(found - expected).max() <= 1e-13 * max(1.0, np.abs(expected).max())


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize(("cell", "layers", "both", "batch_first"), NETWORKS)
def test_each_sequence_is_traced_as_if_it_were_alone(cell, layers, both, batch_first, lengths):
    rnn = build(cell, num_layers=layers, bidirectional=both, batch_first=batch_first).double()
    read = sequences(LENGTHS[lengths])
    packed = pack_sequence(read, enforce_sorted=lengths != "mixed")
    state = states_of(rnn, len(read)) if cell in ("lstm", "gru") else None
    flow = seqviz.gradient_flow(rnn, packed, total, state, by_unit=True)
    gates = seqviz.trace_gates(rnn, packed, state)
    assert flow.lengths.tolist() == gates.lengths.tolist() == LENGTHS[lengths]
    for at, one in enumerate(read):
        alone, own = one.unsqueeze(0 if batch_first else 1), None if state is None else own_state(state, at)
        expected, end = seqviz.gradient_flow(rnn, alone, total, own, by_unit=True), len(one)
        for name in ("hidden_norms", "cell_norms", "direct_norms", "hidden", "cell"):
            if getattr(flow, name) is not None:
                close(getattr(flow, name)[:, :, at, :end], getattr(expected, name)[:, :, 0])
                assert np.isnan(getattr(flow, name)[:, :, at, end:]).all()
        close(flow.initial_hidden_norms[:, :, at], expected.initial_hidden_norms[:, :, 0])
        close(flow.inputs[at, :end], expected.inputs[0])
        read_alone = seqviz.trace_gates(rnn, alone, own)
        close(gates.hidden[:, :, at, :end], read_alone.hidden[:, :, 0])
        assert all(np.isnan(values[:, :, at, end:]).all() for values in gates.gates.values())


@pytest.mark.parametrize(("cell", "layers", "both", "batch_first"), NETWORKS)
def test_gradients_at_inputs_and_initial_states_are_autograds(cell, layers, both, batch_first):
    rnn = build(cell, num_layers=layers, bidirectional=both, batch_first=batch_first).double()
    inputs = torch.randn(*((2, 5) if batch_first else (5, 2)), 3, dtype=torch.float64, requires_grad=True)
    state = states_of(rnn, 2)
    parts = [part.requires_grad_() for part in (state if isinstance(state, tuple) else (state,))]
    flow = seqviz.gradient_flow(rnn, inputs, total, state, by_unit=True)
    by_inputs, *by_states = torch.autograd.grad(total(*rnn(inputs, state)), [inputs, *parts])
    close(flow.inputs, (by_inputs if batch_first else by_inputs.transpose(0, 1)).numpy())
    for found, one in zip((flow.initial_hidden_norms, flow.initial_cell_norms), by_states, strict=False):
        close(found, one.norm(dim=-1).view(layers, -1, 2).numpy())


def by_step(batch_first, reads_final):
    def losses(output, final):
        if isinstance(output, PackedSequence):
            output, _ = pad_packed_sequence(output, batch_first=batch_first)
        found = (output**2).sum(dim=(0, 2) if batch_first else (1, 2))
        parts = final if isinstance(final, tuple) else (final,)
        return found + sum((part**3).sum() for part in parts) * torch.arange(len(found)) if reads_final else found

    return losses


@pytest.mark.parametrize(("reads_final", "separable"), [(False, False), (False, True), (True, False)])
@pytest.mark.parametrize(("cell", "layers", "both", "batch_first"), NETWORKS)
def test_each_map_is_that_of_its_sequence_alone(cell, layers, both, batch_first, reads_final, separable):
    rnn = build(cell, num_layers=layers, bidirectional=both, batch_first=batch_first).double()
    read, losses = sequences([2, 5, 1]), by_step(batch_first, reads_final)
    traced = seqviz.gradient_map(rnn, pack_sequence(read, enforce_sorted=False), losses, separable=separable)
    for at, one in enumerate(read):
        alone = seqviz.gradient_map(rnn, one.unsqueeze(0 if batch_first else 1), losses, separable=separable)
        for found, expected in ((traced.norms, alone.norms), (traced.cell_norms, alone.cell_norms)):
            if found is not None:
                close(found[:, :, at, : len(one), : len(one)], expected[:, :, 0])
                assert np.isnan(found[:, :, at, len(one) :]).all()
                assert np.isnan(found[:, :, at, :, len(one) :]).all()


@pytest.mark.parametrize(("cell", "layers", "both", "batch_first"), NETWORKS)
def test_contributions_add_up_to_what_autograd_accumulates(cell, layers, both, batch_first):
    rnn = build(cell, num_layers=layers, bidirectional=both, batch_first=batch_first).double()
    packed = pack_sequence(sequences([2, 5, 1]), enforce_sorted=False)
    total(*rnn(packed)).backward()
    for layer, direction in itertools.product(range(layers), range(2 if both else 1)):
        weight = getattr(rnn, f"weight_hh_l{layer}{'_reverse' if direction else ''}")
        split = weight_contributions(rnn, packed, total, layer, direction)
        assert split.total_norm == pytest.approx(float(weight.grad.norm()), rel=1e-12)
        assert split.projections.sum() == pytest.approx(split.total_norm, rel=1e-12)


def test_jacobians_are_those_of_the_sequence_alone():
    rnn, read = build("lstm", num_layers=2, bidirectional=True).double(), sequences([2, 5])
    packed = pack_sequence(read, enforce_sorted=False)
    for at, one in enumerate(read):
        found = seqviz.jacobians(rnn, packed, layer=1, direction=1, sample=at)
        close(found.steps, seqviz.jacobians(rnn, one.unsqueeze(1), layer=1, direction=1).steps)


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("kind", [list, tuple, torch.tensor, np.array])
def test_a_padded_batch_with_lengths_is_read_as_if_it_were_packed(kind, batch_first):
    rnn, read = build("gru", bidirectional=True, batch_first=batch_first).double(), sequences([2, 6, 1, 4])
    padded = pad_sequence(read, batch_first=batch_first, padding_value=torch.nan)  # padding is ignored
    packed = seqviz.gradient_flow(rnn, pack_sequence(read, enforce_sorted=False), total)
    found = seqviz.gradient_flow(rnn, padded, total, lengths=kind([2, 6, 1, 4]))
    np.testing.assert_array_equal(np.isnan(found.hidden_norms), np.isnan(packed.hidden_norms))
    np.testing.assert_allclose(found.hidden_norms, packed.hidden_norms, rtol=1e-12)


def test_what_overflows_after_a_sequence_has_ended_does_not_matter():
    rnn = nn.RNN(1, 1, bias=False, nonlinearity="relu")
    for parameter in rnn.parameters():
        nn.init.constant_(parameter, 1e3)
    packed = pack_sequence([torch.ones(30, 1) * 1e-38, torch.ones(2, 1)])
    alone = seqviz.gradient_flow(rnn, torch.ones(2, 1, 1), lambda output, final: final.sum())
    flow = seqviz.gradient_flow(rnn, packed, lambda output, final: final[0, 1].sum())
    np.testing.assert_array_equal(flow.hidden_norms[0, 0, 1, :2], alone.hidden_norms[0, 0, 0])


@pytest.mark.parametrize(
    ("lengths", "said"),
    [
        ([2, 6], "lengths must be 3 whole numbers from 1 to 6, one for each sequence, got \\[2, 6\\]"),
        ([2, 7, 1], "got \\[2, 7, 1\\]"),
        ([0, 6, 1], "from 1 to 6"),
        (torch.tensor([1.5, 6.0, 1.0]), "whole numbers"),
    ],
)
def test_lengths_that_do_not_fit_are_refused(lengths, said):
    with pytest.raises(TraceError, match=said):
        seqviz.trace_gates(nn.LSTM(3, 4), torch.zeros(6, 3, 3), lengths=lengths)


def test_lengths_of_one_sequence_or_of_a_packed_batch_are_refused():
    with pytest.raises(TraceError, match="lengths belong to a padded batch"):
        seqviz.trace_gates(nn.LSTM(3, 4), torch.zeros(6, 3), lengths=[6])
    with pytest.raises(TraceError, match="leave out lengths"):
        seqviz.trace_gates(nn.LSTM(3, 4), pack_sequence([torch.zeros(6, 3)]), lengths=[6])
