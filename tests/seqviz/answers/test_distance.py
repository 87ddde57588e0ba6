"""Gradients by distance equal the chain rule done by hand; what is too large is refused."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.answers.distance import check_distance, trace_distance
from seqviz.errors import ConfigError, LimitError, TraceError
from seqviz.subjects.distance import READERS, WRITERS, DistantLoss

SMALL = DistantLoss(length=9, width=8, heads=2, layers=2, seeds=2, sequences=3)


@pytest.mark.parametrize("name", [*READERS, *WRITERS])
def test_every_network_gives_a_norm_for_each_seed_and_distance(name):
    record = trace_distance(replace(SMALL, name=name))
    first = 0 if name in READERS else 1
    assert record.distances.tolist() == list(range(first, first + 9))
    assert record.norms.shape == (2, 9)
    assert (record.norms > 0).all()
    assert (record.shares[:, 0] == 1).all()


@pytest.mark.parametrize("name", [*READERS, *WRITERS])
@pytest.mark.parametrize("distance", [1, 5])
def test_gradients_agree_with_finite_differences(name, distance):
    found = check_distance(replace(SMALL, name=name, distance=distance))
    assert found.relative_error is not None
    assert found.relative_error < 1e-6


def test_an_rnns_gradient_is_the_product_of_its_jacobians():
    """dL/dx_t = 2 (answer - target) · v · J_T … J_{t+1} · D_t W_x, multiplied out by hand on the network's own numbers."""
    from seqviz.answers.distance import INPUTS, _opened, build_reader

    one = replace(SMALL, name="rnn", layers=1, seeds=1, sequences=1)
    record = trace_distance(one)
    network = build_reader(one, torch.Generator().manual_seed(one.seed), answer="last").double().requires_grad_(False)
    inputs = _opened(one).inputs
    rnn, states = network.rnn, network.rnn(inputs)[0][0].detach()
    target = torch.randn(1, 9, INPUTS, generator=(data := torch.Generator().manual_seed(2**31)), dtype=torch.float64)
    assert torch.equal(target, inputs)  # the data are drawn as they are said to be, so the next number is the target
    wanted = torch.randn(1, 1, generator=data, dtype=torch.float64)
    back = 2 * (network.readout(states[-1]) - wanted[0]) * network.readout.weight[0]
    norms = []
    for state in states.flip(0):
        slope = back * (1 - state**2)
        norms.append(float(torch.linalg.vector_norm(slope @ rnn.weight_ih_l0)))
        back = slope @ rnn.weight_hh_l0
    assert record.norms[0] == pytest.approx(norms, rel=1e-9)


def test_the_transformers_gradient_equals_one_read_through_pytorchs_own_layers():
    """The same weights in nn.TransformerEncoder, differentiated there."""
    from seqviz.answers.distance import _opened, build_reader

    one = replace(SMALL, name="causal", layers=1, seeds=1, sequences=1)
    record = trace_distance(one)
    mine = build_reader(one, torch.Generator().manual_seed(one.seed), answer="last").double()
    layer, theirs = (
        mine.decoder.layers[0],
        nn.TransformerEncoderLayer(8, 2, 32, 0.0, batch_first=True, norm_first=True).double(),
    )
    own = layer.self_attention
    with torch.no_grad():
        theirs.self_attn.in_proj_weight.copy_(torch.cat([own.query.weight, own.key.weight, own.value.weight]))
        theirs.self_attn.in_proj_bias.copy_(torch.cat([own.query.bias, own.key.bias, own.value.bias]))
        for there, here in (
            (theirs.self_attn.out_proj, own.out), (theirs.linear1, layer.expand), (theirs.linear2, layer.contract),
            (theirs.norm1, layer.norms["self"]), (theirs.norm2, layer.norms["feedforward"]),
        ):  # fmt: skip
            there.load_state_dict(here.state_dict())
    reading = _opened(one)
    read = reading.inputs.clone().requires_grad_()
    entered = mine.embedding(read) * 8**0.5 + mine.decoder.placed(0, 9)
    mask = torch.ones(9, 9, dtype=torch.bool).triu(1)
    answer = mine.readout(mine.decoder.norm(theirs(entered, src_mask=mask))[:, -1])
    wanted = mine(reading.inputs).detach()
    assert answer.detach() == pytest.approx(wanted.numpy(), rel=1e-9)
    (per_answer,) = torch.autograd.grad(answer.sum(), read)
    per_loss = record.norms[0][::-1] / torch.linalg.vector_norm(per_answer, dim=-1)[0].numpy()
    assert per_loss == pytest.approx(np.full(9, per_loss[0]), rel=1e-7)  # dL/danswer, one number for every position


def test_a_chain_loses_what_attention_keeps():
    long = DistantLoss(length=60, width=16, seeds=3)
    left = {name: trace_distance(replace(long, name=name)).medians for name in (*READERS, *WRITERS)}
    for name in ("rnn", "lstm", "gru", "none"):
        assert left[name][-1] / left[name][1] < 1e-5
    assert 0.2 < left["causal"][-1] / left["causal"][1] < 5
    assert 0.2 < left["transformer"][-1] / left["transformer"][1] < 5
    assert left["additive"][-1] / left["additive"][1] > 1e-3


def test_all_read_the_same_numbers_and_seeds_differ():
    from seqviz.answers.distance import _opened

    assert torch.equal(_opened(replace(SMALL, name="rnn")).inputs, _opened(replace(SMALL, name="causal")).inputs)
    norms = trace_distance(replace(SMALL, name="gru")).norms
    assert not np.allclose(norms[0], norms[1])
    assert norms[1] == pytest.approx(trace_distance(replace(SMALL, name="gru", seed=1, seeds=1)).norms[0])


def test_what_does_not_fit_is_said():
    with pytest.raises(ConfigError, match="the width must be a multiple of the heads, got 20 numbers for 8 heads"):
        DistantLoss(name="causal", width=20, heads=8)
    with pytest.raises(TraceError, match=r"steps back must be in \[1, 9\] here, got 0"):
        check_distance(replace(SMALL, name="none", distance=0))
    with pytest.raises(TraceError, match=r"steps back must be in \[0, 8\] here, got 9"):
        check_distance(replace(SMALL, name="rnn", distance=9))


def test_what_this_server_does_not_allow_is_refused(monkeypatch):
    from seqviz.settings import settings

    limits = replace(settings().limits, width=8, length=100)
    monkeypatch.setattr("seqviz.answers.distance.settings", lambda: replace(settings(), limits=limits))
    with pytest.raises(LimitError, match="width may be at most 8 on this server, got 16"):
        trace_distance(replace(SMALL, width=16))
    with pytest.raises(LimitError, match="length may be at most 100 on this server, got 128"):
        check_distance(replace(SMALL, width=8, length=128))
