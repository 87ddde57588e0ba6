"""What crosses a boundary is found where it crosses, by gradient or by state, and nothing is found where nothing does."""

import functools

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqviz.errors import TraceError
from seqviz.tracing.leaks import assert_no_leak, leaks

MODES = ("gradient", "state")


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def rnn(cell=nn.LSTM, **settings):
    return cell(2, 3, **settings)


def read(network):
    return lambda x: network(x)[0]


def restarted(network, size, carry):
    """Read chunks of ``size`` steps one after the other; ``carry`` makes of each final state what the next begins with."""

    def step(x):
        outputs, state = [], None
        for part in x.split(size):
            output, final = network(part, state)
            outputs.append(output)
            state = carry(final)
        return torch.cat(outputs)

    return step


def detached(state):
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("cell", [nn.RNN, nn.LSTM, nn.GRU])
def test_a_state_carried_on_leaks_from_every_earlier_step(cell, mode):
    found = leaks(read(rnn(cell)), torch.randn(5, 1, 2), [2], mode)
    assert np.argwhere(found.crossings[0]).tolist() == [[out, read] for out in (2, 3, 4) for read in (0, 1)]
    assert found.first == (0, 2, 0, 1)


@pytest.mark.parametrize("mode", MODES)
def test_a_fresh_state_does_not_leak(mode):
    assert_no_leak(restarted(rnn(), 2, lambda state: None), torch.randn(6, 2, 2), [2, 4], mode)


def test_a_detached_state_leaks_without_a_gradient():
    step, inputs = restarted(rnn(), 2, detached), torch.randn(6, 1, 2)
    assert not leaks(step, inputs, [2, 4])
    found = leaks(step, inputs, [2, 4], "state")
    assert found.crossings[0][4].tolist() == [True] * 4 + [False] * 2


@pytest.mark.parametrize("mode", MODES)
def test_done_flags_that_reset_one_part_of_an_lstm_s_state_are_not_enough(mode):
    cell, done = nn.LSTMCell(2, 3), torch.tensor([[0, 0], [0, 1], [1, 0], [0, 0]]).bool()

    def step(x, done, parts):
        h, c = torch.zeros(2, x.shape[1], 3)
        outputs = []
        for now, begins in zip(x, done, strict=True):
            keep = (~begins).float().unsqueeze(1)
            h, c = (h * keep if "h" in parts else h), (c * keep if "c" in parts else c)
            h, c = cell(now, (h, c))
            outputs.append(h)
        return torch.stack(outputs)

    inputs = torch.randn(4, 2, 2)
    assert not leaks(functools.partial(step, parts="hc"), (inputs, done), done, mode)
    found = leaks(functools.partial(step, parts="h"), (inputs, done), done, mode)
    assert found.first == (1, 1, 1, 0)
    assert found.sentence.startswith(
        "Leak: the output at step 1 of sequence 1 depends on the input at step 0, across the boundary at step 1; "
    )


@pytest.mark.parametrize("mode", MODES)
def test_the_reverse_direction_reads_the_padding_unless_it_is_packed(mode):
    network, inputs, lengths = rnn(bidirectional=True), torch.randn(5, 2, 2), [5, 3]
    found = leaks(read(network), inputs, lengths=lengths, mode=mode)
    assert not found.crossings[0].any()
    assert np.argwhere(found.crossings[1]).tolist() == [[out, read] for out in range(3) for read in (3, 4)]
    assert "which is padding" in found.sentence
    assert not leaks(
        lambda x: pad_packed_sequence(network(pack_padded_sequence(x, lengths))[0])[0], inputs, (), mode, lengths=lengths
    )
    assert not leaks(network, pack_padded_sequence(inputs, lengths), mode=mode)


@pytest.mark.parametrize("mode", MODES)
def test_what_a_forward_network_computes_in_the_padding_is_no_leak(mode):
    assert_no_leak(read(rnn()), torch.randn(5, 2, 2), (), mode, lengths=torch.tensor([2, 5]))


@pytest.mark.parametrize("mode", MODES)
def test_a_batch_taken_apart_the_wrong_way_leaks_between_its_sequences(mode):
    network = rnn()
    wrong = leaks(
        lambda x: network(x.reshape(3, 4, 2).transpose(0, 1))[0].transpose(0, 1).reshape(4, 3, 3),
        torch.randn(4, 3, 2),
        (),
        mode,
    )
    assert wrong.mixed.any()
    assert "of the batch depends on sequence" in wrong.sentence
    swapped = leaks(lambda x: network(x)[0].flip(1), torch.randn(4, 2, 2), (), mode)
    assert swapped.mixed.tolist() == [[False, True], [True, False]]
    assert not swapped.crossings.any()


@pytest.mark.parametrize("mode", MODES)
def test_where_sequences_mix_a_sequence_s_own_influence_is_still_its_own(mode):
    def step(x):  # sequence 1 is added to sequence 0 one step late
        return x.cumsum(0) + torch.stack([x[:, 1].roll(1, 0), x[:, 0] * 0], dim=1)

    found = leaks(step, torch.randn(4, 2, 2), (), mode)
    assert found.mixed.tolist() == [[False, True], [False, False]]
    assert (found.influence[0] != 0).tolist() == np.tril(np.ones((4, 4), dtype=bool)).tolist()


def test_tokens_are_exchanged():
    embedding, network, tokens = nn.Embedding(7, 2), rnn(batch_first=True), torch.randint(7, (2, 6))
    found = leaks(lambda ids: network(embedding(ids))[0], tokens, [[3], [5]], "state", batch_first=True)
    assert [row.sum() for row in found.crossings] == [3 * 3, 1 * 5]
    with pytest.raises(TraceError, match=r"whole numbers \(int64\); use mode='state'"):
        leaks(lambda ids: network(embedding(ids))[0], tokens, [3], batch_first=True)
    with pytest.raises(TraceError, match="at least two different whole numbers to exchange, got only 4"):
        leaks(lambda ids: network(embedding(ids))[0], torch.full((2, 6), 4), [3], "state", batch_first=True)


@pytest.mark.parametrize("mode", MODES)
def test_a_mask_of_packed_documents_holds_for_attention(mode):
    attention, documents = nn.MultiheadAttention(4, 2), torch.tensor([0, 0, 0, 1, 1])
    apart = documents[:, None] != documents[None, :]

    def step(x, mask):
        return attention(x, x, x, attn_mask=mask, need_weights=False)

    inputs = torch.randn(5, 1, 4)
    assert not leaks(step, {"x": inputs, "mask": apart}, [3], mode)
    causal = torch.ones(5, 5, dtype=torch.bool).triu(1)
    found = leaks(step, {"x": inputs, "mask": causal}, [3], mode)
    assert np.argwhere(found.crossings[0]).tolist() == [[out, read] for out in (3, 4) for read in (0, 1, 2)]


def test_influence_by_gradient_is_the_gradient_of_a_random_combination():
    network, inputs = rnn(nn.GRU).double(), torch.randn(4, 1, 2, dtype=torch.float64)
    found = leaks(read(network), inputs, [2])
    weights = torch.randn(4, 1, 3, generator=torch.Generator().manual_seed(0)).double()
    start = inputs.clone().requires_grad_()
    (expected,) = torch.autograd.grad((network(start)[0] * weights)[3].sum(), start)
    np.testing.assert_allclose(found.influence[0, 3], expected.norm(dim=2)[:, 0].numpy(), rtol=1e-12)


def test_a_gradient_too_small_to_square_is_a_leak():
    found = leaks(lambda x: torch.cat([x[:1], x[:1] * 1e-30]), torch.ones(2, 1, 1), [1])
    assert found.first == (0, 1, 0, 0)


def test_an_influence_that_is_not_a_number_is_a_leak():
    def step(x):
        return torch.cat([x[:1], x[:1] / (x[:1] - x[:1])])

    assert leaks(step, torch.ones(2, 1, 1), [1])
    assert leaks(lambda x: torch.cat([x[:1], torch.where(x[:1] == 1, x[:1], torch.nan)]), torch.ones(2, 1, 1), [1], "state")


@pytest.mark.parametrize("mode", MODES)
def test_a_sequence_without_a_batch_and_a_series_of_numbers(mode):
    assert leaks(read(rnn()), torch.randn(4, 2), [2], mode).first == (0, 2, 0, 1)
    assert leaks(lambda x: x.cumsum(0), torch.randn(4), [2], mode).first == (0, 2, 0, 1)


@pytest.mark.parametrize("mode", MODES)
def test_modules_inputs_and_random_numbers_stay_as_they_were(mode):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm, self.rnn, self.drop = nn.BatchNorm1d(2), nn.LSTM(2, 3), nn.Dropout(0.5)

        def forward(self, x):
            x.mul_(2)
            return self.drop(self.rnn(self.norm(x.transpose(1, 2)).transpose(1, 2))[0])

    model, inputs = Model(), torch.randn(4, 3, 2)
    given, statistics, random = inputs.clone(), model.norm.running_mean.clone(), torch.get_rng_state()
    for step in (model, model.forward, lambda x: model(x), functools.partial(model.forward)):
        assert leaks(step, inputs, [2], mode)
    assert torch.equal(inputs, given)
    assert torch.equal(model.norm.running_mean, statistics)
    assert model.norm.num_batches_tracked == 0
    assert torch.equal(torch.get_rng_state(), random)
    assert all(one.grad is None for one in model.parameters())


def test_it_works_where_gradients_are_off():
    step = read(rnn())
    with torch.no_grad():
        assert leaks(step, torch.randn(4, 1, 2), [2])
    with torch.inference_mode():
        assert leaks(step, torch.randn(4, 1, 2), [2])


def test_what_a_step_keeps_from_call_to_call_is_named():
    network, kept = rnn(nn.GRU), []

    def step(x):
        output, final = network(x, kept[-1] if kept else None)
        kept.append(final.detach())
        return output

    with pytest.raises(TraceError, match="it keeps something from one call to the next"):
        leaks(step, torch.randn(4, 1, 2), [2], "state")


@pytest.mark.parametrize(
    ("boundaries", "expected"),
    [
        ([0, 2, 4], [[0, 0, 1, 1], [0, 0, 1, 1]]),
        ([3, 1], [[0, 1, 1, 2], [0, 1, 1, 2]]),
        ([[1], []], [[0, 1, 1, 1], [0, 0, 0, 0]]),
        (torch.tensor([2]), [[0, 0, 1, 1], [0, 0, 1, 1]]),
        (np.array([False, True, False, True]), [[0, 1, 1, 2], [0, 1, 1, 2]]),
        ([True, False, False, True], [[0, 0, 0, 1], [0, 0, 0, 1]]),
        (torch.tensor([[1, 0], [0, 1], [0, 0], [1, 0]]).bool(), [[0, 0, 0, 1], [0, 1, 1, 1]]),
        ((), [[0, 0, 0, 0], [0, 0, 0, 0]]),
    ],
)
def test_boundaries_are_first_steps_or_flags(boundaries, expected):
    assert leaks(read(rnn()), torch.randn(4, 2, 2), boundaries).segments.tolist() == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"boundaries": [5]}, "first steps of new sequences, whole numbers from 0 to 4, got 5"),
        ({"boundaries": [1.5]}, "whole numbers from 0 to 4, got 1.5"),
        ({"boundaries": "half"}, "whole numbers from 0 to 4, got 'half'"),
        ({"boundaries": [[1], [2], [3]]}, "one list for each of the 2 sequences, got 3"),
        ({"boundaries": np.zeros((2, 3), dtype=bool)}, r"shape \(4,\) or \(4, 2\), got \(2, 3\)"),
        ({"boundaries": [2], "lengths": [4]}, r"lengths must be 2 whole numbers from 1 to 4, one for each sequence, got \[4\]"),
        ({"boundaries": [2], "lengths": [4, 5]}, r"from 1 to 4, one for each sequence, got \[4, 5\]"),
        ({"boundaries": [2], "mode": "both"}, 'mode must be "gradient" or "state", got \'both\''),
    ],
)
def test_what_does_not_fit_is_said(given, words):
    with pytest.raises(TraceError, match=words):
        leaks(read(rnn()), torch.randn(4, 2, 2), **given)


@pytest.mark.parametrize(
    ("step", "inputs", "words"),
    [
        (lambda x: x.sum(), torch.randn(4, 2, 2), r"\(time, batch, ...\) = \(4, 2, ...\), got \(\)"),
        (lambda x: x[1:], torch.randn(4, 2, 2), r"\(time, batch, ...\) = \(4, 2, ...\), got \(3, 2, 2\)"),
        (lambda x: "text", torch.randn(4, 2, 2), "step must return a tensor"),
        (lambda x: x.detach(), torch.randn(4, 2, 2), "carries no gradient; use mode='state'"),
        (lambda x: x, torch.randn(0, 2, 2), r"at least one step and one sequence, got shape \(0, 2, 2\)"),
        (lambda x: x, 3, "a tensor with an axis for time, got int"),
        (lambda x: x * 0 + nn.Parameter(torch.ones(1)), torch.randn(4, 2, 2), "no gradient reaches any input"),
    ],
)
def test_a_step_that_cannot_be_followed_is_said(step, inputs, words):
    with pytest.raises(TraceError, match=words):
        leaks(step, inputs, [2])


def test_nothing_to_check_is_said():
    with pytest.raises(TraceError, match="there is no boundary to check"):
        leaks(read(rnn()), torch.randn(4, 1, 2), [0])


def test_a_test_of_one_s_own_fails_with_the_leak():
    with pytest.raises(AssertionError, match="Leak: the output at step 2 depends on the input at step 1, across the boundary"):
        assert_no_leak(read(rnn()), torch.randn(4, 1, 2), [2])
