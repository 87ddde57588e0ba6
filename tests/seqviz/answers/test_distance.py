"""Gradients by distance equal the chain rule done by hand; what is too large is refused."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.answers.distance import (
    ENOUGH_SECONDS,
    FEWEST,
    ROUNDS,
    alike,
    answer_distance,
    answer_distance_agreement,
    answer_distance_times,
    in_turns,
    pass_of,
)
from seqviz.errors import ConfigError, LimitError, TraceError
from seqviz.models import Transformer
from seqviz.models.seq2seq import Seq2Seq
from seqviz.subjects.distance import NETWORKS, READERS, WRITERS, DistantLoss, TimedLength

SMALL = DistantLoss(length=9, width=8, heads=2, layers=2, seeds=2, sequences=3)


@pytest.mark.parametrize("name", [*READERS, *WRITERS])
def test_every_network_gives_a_norm_for_each_seed_and_distance(name):
    record = answer_distance(replace(SMALL, name=name))
    first = 0 if name in READERS else 1
    assert record.distances.tolist() == list(range(first, first + 9))
    assert record.norms.shape == (2, 9)
    assert (record.norms > 0).all()
    assert (record.shares[:, 0] == 1).all()


@pytest.mark.parametrize("name", [*READERS, *WRITERS])
@pytest.mark.parametrize("distance", [1, 5])
def test_gradients_agree_with_finite_differences(name, distance):
    found = answer_distance_agreement(replace(SMALL, name=name, distance=distance))
    assert found.relative_error is not None
    assert found.relative_error < 1e-6


def test_an_rnns_gradient_is_the_product_of_its_jacobians():
    """dL/dx_t = 2 (answer - target) · v · J_T … J_{t+1} · D_t W_x, multiplied out by hand on the network's own numbers."""
    from seqviz.answers.distance import INPUTS, _opened, build_reader

    one = replace(SMALL, name="rnn", layers=1, seeds=1, sequences=1)
    record = answer_distance(one)
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
    record = answer_distance(one)
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
    left = {name: answer_distance(replace(long, name=name)).medians for name in (*READERS, *WRITERS)}
    for name in ("rnn", "lstm", "gru", "none"):
        assert left[name][-1] / left[name][1] < 1e-5
    assert 0.2 < left["causal"][-1] / left["causal"][1] < 5
    assert 0.2 < left["transformer"][-1] / left["transformer"][1] < 5
    assert left["additive"][-1] / left["additive"][1] > 1e-3


def test_all_read_the_same_numbers_and_seeds_differ():
    from seqviz.answers.distance import _opened

    assert torch.equal(_opened(replace(SMALL, name="rnn")).inputs, _opened(replace(SMALL, name="causal")).inputs)
    norms = answer_distance(replace(SMALL, name="gru")).norms
    assert not np.allclose(norms[0], norms[1])
    assert norms[1] == pytest.approx(answer_distance(replace(SMALL, name="gru", seed=1, seeds=1)).norms[0])


def test_what_does_not_fit_is_said():
    with pytest.raises(ConfigError, match="the width must be a multiple of the heads, got 20 numbers for 8 heads"):
        DistantLoss(name="causal", width=20, heads=8)
    with pytest.raises(TraceError, match=r"steps back must be in \[1, 9\] here, got 0"):
        answer_distance_agreement(replace(SMALL, name="none", distance=0))
    with pytest.raises(TraceError, match=r"steps back must be in \[0, 8\] here, got 9"):
        answer_distance_agreement(replace(SMALL, name="rnn", distance=9))


def test_what_this_server_does_not_allow_is_refused(monkeypatch):
    from seqviz.settings import settings

    limits = replace(settings().limits, width=8, length=100)
    monkeypatch.setattr("seqviz.answers.distance.settings", lambda: replace(settings(), limits=limits))
    with pytest.raises(LimitError, match="width may be at most 8 on this server, got 16"):
        answer_distance(replace(SMALL, width=16))
    with pytest.raises(LimitError, match="length may be at most 100 on this server, got 128"):
        answer_distance_agreement(replace(SMALL, width=8, length=128))


TIMED = TimedLength(length=16, width=8, heads=2, layers=1)
READING = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Clock:
    """A clock that only work moves."""

    def __init__(self):
        self.now, self.done = 0.0, []

    def __call__(self):
        return self.now

    def work(self, name, seconds):
        def done():
            self.now += seconds
            self.done.append(name)

        return done


def test_networks_take_turns_and_the_first_round_does_not_count():
    clock = Clock()
    found = in_turns(
        {name: clock.work(name, seconds) for name, seconds in (("a", 0.001), ("b", 0.002), ("c", 0.003))}, clock, clock
    )
    rounds = ["".join(clock.done[at : at + 3]) for at in range(0, len(clock.done), 3)]
    assert rounds == ["abc", "abc", "bca", "cab", "abc", "bca", "cab", "abc"]
    assert {name: seconds.tolist() for name, seconds in found.items()} == {
        name: pytest.approx([each] * ROUNDS) for name, each in (("a", 0.001), ("b", 0.002), ("c", 0.003))
    }


def test_what_takes_long_has_fewer_rounds():
    clock = Clock()
    found = in_turns({"slow": clock.work("slow", ENOUGH_SECONDS), "quick": clock.work("quick", 0.001)}, clock, clock)
    assert [len(each) for each in found.values()] == [FEWEST, FEWEST]


def test_no_chain_is_one_kernel_while_it_is_timed_and_afterwards_as_before():
    """An LSTM's fused kernel is one node of the graph; step by step, the outputs are stacked, as a GRU's are."""

    def last(cell):
        return type(cell(4, 4)(torch.randn(5, 4))[0].grad_fn).__name__

    before = last(nn.LSTM)
    with alike():
        assert last(nn.LSTM) == last(nn.GRU) == last(nn.RNN)
    assert last(nn.LSTM) == before


@pytest.mark.parametrize("name", [*READERS, *WRITERS])
def test_one_turn_is_one_way_through_the_network_that_is_named_and_back(name):
    """The gradients are those that a loss of our own, of as long a sequence, has at the network's weights."""
    one = pass_of(replace(TIMED, name=name), "cpu")
    network, met = one.network, []
    network.register_forward_hook(lambda module, given, _: met.append(given))
    gradients = one()
    assert len(met) == 1
    if name in READERS:
        assert isinstance(getattr(network, "rnn", None), READING[name]) if name in READING else not hasattr(network, "rnn")
        (read,) = met[0]
        assert read.shape[:2] == (1, 16)
        loss = (network(read) ** 2).mean()
    else:
        assert isinstance(network, Transformer if name == "transformer" else Seq2Seq)
        assert name == "transformer" or network.attends == (name == "additive")
        source, lengths, target = met[0]
        assert lengths is None
        assert source.shape == target.shape == (1, 16)
        loss = -network(source, None, target).logits.log_softmax(-1)[0, torch.arange(16), target[0]].mean()
    network.zero_grad()
    loss.backward()
    for mine, weight in zip(gradients, network.parameters(), strict=True):
        torch.testing.assert_close(mine, weight.grad)


@pytest.mark.parametrize("family", NETWORKS)
def test_the_record_holds_the_rounds_of_every_network_of_the_family(family):
    record = answer_distance_times(replace(TIMED, family=family))
    assert list(record.seconds) == list(NETWORKS[family])
    assert all(FEWEST <= len(rounds) <= ROUNDS and (rounds > 0).all() for rounds in record.seconds.values())
    assert len({len(rounds) for rounds in record.seconds.values()}) == 1
    assert record.median("lstm" if family == "reading" else "none") == np.median(
        [*record.seconds.values()][family == "reading"]
    )
    assert record.length == 16
    assert record.machine


def test_what_is_too_long_or_no_family_is_refused(monkeypatch):
    from seqviz.settings import settings

    with pytest.raises(ConfigError, match="family must be one of reading, writing"):
        replace(TIMED, family="hearing")
    limits = replace(settings().limits, length=100)
    monkeypatch.setattr("seqviz.answers.distance.settings", lambda: replace(settings(), limits=limits))
    with pytest.raises(LimitError, match="length may be at most 100 on this server, got 128"):
        answer_distance_times(TimedLength())
