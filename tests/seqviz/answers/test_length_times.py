"""What is timed is one way through each network and back, in turns; the record holds what the clock said."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.answers.length_times import ENOUGH_SECONDS, FEWEST, ROUNDS, alike, in_turns, pass_of, time_length
from seqviz.errors import ConfigError, LimitError
from seqviz.models import Transformer
from seqviz.models.seq2seq import Seq2Seq
from seqviz.subjects.distance import NETWORKS, READERS, WRITERS, TimedLength

SMALL = TimedLength(length=16, width=8, heads=2, layers=1)
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
    one = pass_of(replace(SMALL, name=name), "cpu")
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
    record = time_length(replace(SMALL, family=family))
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
        replace(SMALL, family="hearing")
    limits = replace(settings().limits, length=100)
    monkeypatch.setattr("seqviz.answers.distance.settings", lambda: replace(settings(), limits=limits))
    with pytest.raises(LimitError, match="length may be at most 100 on this server, got 128"):
        time_length(TimedLength())
