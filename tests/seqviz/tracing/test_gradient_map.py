"""The gradient map is what one autograd call for each loss gives on unrolled cells."""

import numpy as np
import pytest
import torch

from seqviz.errors import TraceError
from seqviz.tracing import gradient_map as module
from seqviz.tracing.gradient_map import gradient_map
from tests.seqviz.tracing.cases import NETWORKS, SHAPES, agree, network
from tests.seqviz.tracing.unrolled import CELLS, build, draw, norms, unroll


def at_each_step(rnn, batched=True):
    """Return losses that each read one step's output."""
    time = 1 if rnn.batch_first and batched else 0

    def losses(output, final):
        return (output**3).flatten(2).sum(dim=(1 - time, 2)) if batched else (output**3).sum(dim=1)

    return losses


def across_steps(rnn, batched=True):
    """Return losses that read several steps and the final states."""

    def losses(output, final):
        finals = sum((one**2).sum() for one in (final if isinstance(final, tuple) else (final,)))
        each = at_each_step(rnn, batched)(output, final)
        return each.cumsum(0) * each.flip(0) + finals * torch.arange(len(each))

    return losses


LITTLE = [  # of another step's output, or of the final state
    lambda output, final: output.sum((1, 2)) + 1e-12 * (torch.arange(9) == 2) * output[7].sum(),
    lambda output, final: output.sum((1, 2)) + ((torch.arange(9) == 2) * 1.0 - (torch.arange(9) == 4) * 1.0) * output[7].sum(),
    lambda output, final: output.sum((1, 2)) + 1e-9 * (torch.arange(9) == 0) * final[1].sum(),
    lambda output, final: output.sum((1, 2)).flip(0),
]


def hold_to_oracle(rnn, inputs, state, losses, separable):
    traced, oracle = gradient_map(rnn, inputs, losses, state, separable=separable), unroll(rnn, inputs, state)
    values = losses(oracle.output, oracle.final)
    agree(traced.norms, np.stack([norms(value, oracle.hidden) for value in values], axis=3))
    assert (traced.cell_norms is None) == (oracle.cell[0][0][0] is None)
    if traced.cell_norms is not None:
        agree(traced.cell_norms, np.stack([norms(value, oracle.cell) for value in values], axis=3))


@pytest.mark.parametrize(("cell", "layers", "both", "layout"), NETWORKS)
def test_gradient_map_matches_autograd_for_each_loss(cell, layers, both, layout):
    rnn, inputs, state = network(cell, layers, both, layout)
    hold_to_oracle(rnn, inputs, state, at_each_step(rnn), separable=True)


@pytest.mark.parametrize(("cell", "layers", "both", "layout"), NETWORKS[::3])
def test_gradient_map_matches_autograd_for_losses_that_read_every_step(cell, layers, both, layout):
    rnn, inputs, state = network(cell, layers, both, layout)
    hold_to_oracle(rnn, inputs, state, across_steps(rnn), separable=False)


@pytest.mark.parametrize(("cell", "layers", "both", "layout"), NETWORKS[2::3])
def test_gradient_map_matches_autograd_for_losses_that_read_all_steps_so_far(cell, layers, both, layout):
    rnn, inputs, state = network(cell, layers, both, layout)
    hold_to_oracle(rnn, inputs, state, lambda *given: at_each_step(rnn)(*given).cumsum(0), separable=False)


@pytest.mark.parametrize(("time", "batch"), SHAPES)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("separable", [True, False])
def test_gradient_map_matches_autograd_at_the_smallest_sizes(cell, time, batch, separable):
    rnn = build(cell, hidden_size=1, num_layers=2, bidirectional=True).double()
    inputs, state = draw(rnn, time=time, batch=batch, with_state=True)
    losses = (at_each_step if separable else across_steps)(rnn, batch is not None)
    hold_to_oracle(rnn, inputs, state, losses, separable)


@pytest.mark.parametrize("both", [True, False])
@pytest.mark.parametrize("separable", [True, False])
@pytest.mark.parametrize("layers", [1, 2])
def test_gradient_map_in_chunks_is_the_same(monkeypatch, both, separable, layers):
    rnn = build("lstm", num_layers=layers, bidirectional=both).double()
    inputs, _ = draw(rnn, time=7)
    losses = at_each_step(rnn) if separable else across_steps(rnn)
    whole = gradient_map(rnn, inputs, losses, separable=separable)
    monkeypatch.setattr(module, "CHUNK_BYTES", 8 * 2 * 4 * 3 * (2 if separable and layers == 1 else 7))
    parts = gradient_map(rnn, inputs, losses, separable=separable)
    agree(parts.norms, whole.norms)
    agree(parts.cell_norms, whole.cell_norms)


def test_gradient_map_is_exactly_zero_where_a_state_comes_after_the_loss():
    rnn = build("gru", num_layers=2)
    traced = gradient_map(rnn, draw(rnn)[0], at_each_step(rnn))
    later = np.triu(np.ones((5, 5), bool), 1)
    assert (traced.norms[..., later] == 0).all()


def test_gradient_map_refuses_separable_losses_that_read_the_final_state():
    rnn = build("gru")
    with pytest.raises(TraceError, match="not separable"):
        gradient_map(rnn, draw(rnn)[0], across_steps(rnn), separable=True)


@pytest.mark.parametrize(
    "losses",
    [
        lambda output, final: output.cumsum(0).sum((1, 2)),
        lambda output, final: (output + output.roll(1, 0) * 0.01).sum((1, 2)),
        lambda output, final: output.flip(0).sum((1, 2)),
        lambda output, final: output.sum((1, 2)) + (torch.arange(9) == 4) * output[3].sum() ** 2,
    ],
)
def test_a_promise_of_separable_losses_that_is_not_kept_is_found(losses):
    gru, inputs = torch.nn.GRU(3, 5), torch.randn(9, 2, 3)
    state = torch.get_rng_state()
    with pytest.raises(TraceError, match="promises that losses\\[i\\] reads the output at time i alone"):
        gradient_map(gru, inputs, losses, separable=True)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("losses", LITTLE, ids=range(len(LITTLE)))
def test_without_a_promise_the_least_that_a_loss_reads_elsewhere_is_traced(losses):
    rnn = build("lstm", num_layers=2).double()
    inputs, state = draw(rnn, time=9, with_state=True)
    hold_to_oracle(rnn, inputs, state, losses, separable=False)
    assert (gradient_map(rnn, inputs, losses, state).norms[0, 0][:, ~np.tri(9, dtype=bool)] > 0).any()


@pytest.mark.parametrize(("cell", "layers", "both", "layout"), NETWORKS[1::3])
def test_losses_of_their_own_steps_are_traced_without_a_promise_as_with_it(cell, layers, both, layout):
    rnn, inputs, state = network(cell, layers, both, layout)
    found, promised = (gradient_map(rnn, inputs, at_each_step(rnn), state, separable=each) for each in (False, True))
    np.testing.assert_array_equal(found.norms, promised.norms)


@pytest.mark.parametrize("time", [1, 2, 3, 4, 7, 20, 21, 100])
def test_each_step_is_chosen_without_any_other(time):
    chosen = module._choices(time)
    alone = (chosen[:, :, None] & ~chosen[:, None, :]).any(0)
    assert (alone | torch.eye(time, dtype=torch.bool)).all()


def test_separable_losses_keep_their_promise_at_any_size():
    gru, inputs, scale = torch.nn.GRU(3, 5), torch.randn(30, 2, 3), 10.0 ** torch.linspace(-20, 5, 30)

    def losses(output, final):
        return output.square().sum((1, 2)) * scale

    kept, plain = (gradient_map(gru, inputs, losses, separable=separable) for separable in (True, False))
    np.testing.assert_allclose(kept.norms, plain.norms, rtol=1e-4)
