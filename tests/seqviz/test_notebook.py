"""In a notebook a record is its figure, with its finding, and needs no other machine."""

import re

import numpy as np
import pytest
import torch
from torch import nn

import seqviz
from seqviz import notebook, records


@pytest.fixture
def flow():
    torch.manual_seed(0)
    return seqviz.gradient_flow(nn.LSTM(3, 5), torch.randn(7, 3, 3), lambda output, final: output.sum())


def test_its_html_is_its_figure_and_finding_and_calls_no_other_machine(flow):
    shown = flow._repr_html_()
    assert "The loss reads every step, and their gradients add up" in shown
    assert "Plotly.newPlot" in shown
    assert not re.search(r"<(script|link)[^>]+(src|href)=", shown)


def test_its_bundle_has_a_printed_line(flow):
    assert flow._repr_mimebundle_()["text/plain"] == repr(flow)


def test_a_record_without_a_figure_is_its_line():
    found = records.WatchedStep(step=0, norm_before=None, norm_after=1.0)
    assert found._repr_html_() is None
    assert found._repr_mimebundle_() == {"text/plain": "WatchedStep: step = 0, norm_after = 1"}


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_every_trace_of_a_network_has_a_figure(kind):
    rnn, inputs = kind(2, 3), torch.randn(5, 1, 2)
    traces = [
        seqviz.trace_gates(rnn, inputs),
        seqviz.gradient_flow(rnn, inputs, lambda output, final: output.sum()),
        seqviz.gradient_map(rnn, inputs, lambda output, final: output.sum(dim=(1, 2))),
        seqviz.jacobians(rnn, inputs),
        seqviz.weight_contributions(rnn, inputs, lambda output, final: output.sum()),
        seqviz.leaks(lambda x: rnn(x)[0], inputs, [2]),
    ]
    assert all(notebook.figure_of(one).layout.title.text for one in traces)


def test_a_plain_network_s_gates_are_its_states():
    assert notebook.figure_of(seqviz.trace_gates(nn.RNN(2, 3), torch.zeros(4, 1, 2))) is not None
    assert np.isfinite(seqviz.trace_gates(nn.RNN(2, 3), torch.zeros(4, 1, 2)).hidden).all()
