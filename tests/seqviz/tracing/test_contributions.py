"""The contributions of all steps add up to autograd's gradient of the recurrent matrix."""

import numpy as np
import pytest
import torch

from seqviz.tracing.contributions import weight_contributions
from tests.seqviz.tracing.test_gradient_flow import everything
from tests.seqviz.tracing.unrolled import CELLS, build, draw, unroll, weights_of


@pytest.mark.parametrize(("layer", "direction"), [(0, 0), (0, 1), (1, 0), (1, 1)])
@pytest.mark.parametrize("cell", CELLS)
def test_weight_contributions_match_autograd_step_by_step(cell, layer, direction):
    rnn = build(cell, num_layers=2, bidirectional=True).double()
    inputs, state = draw(rnn, with_state=True)
    found = weight_contributions(rnn, inputs, everything, layer, direction, state)
    parts = steps_of_gradient(rnn, inputs, state, layer, direction)
    total = sum(parts)
    assert found.total_norm == pytest.approx(np.linalg.norm(total), rel=1e-9)
    np.testing.assert_allclose(found.norms, [np.linalg.norm(part) for part in parts], rtol=1e-9)
    np.testing.assert_allclose(found.projections, [(part * total).sum() / np.linalg.norm(total) for part in parts], atol=1e-9)
    assert found.projections.sum() == pytest.approx(found.total_norm, rel=1e-9)


def steps_of_gradient(rnn, inputs, state, layer, direction):
    """∂L/∂W split by step: each step reads a copy of W of its own."""
    weight = weights_of(rnn, layer, direction)[1].detach()
    copies = [weight.clone().requires_grad_() for _ in inputs]
    count = iter(list(range(len(inputs)))[:: -1 if direction else 1])

    class Copies:
        """Takes W's place, and gives the next step's copy at each product."""

        T = property(lambda self: copies[next(count)].T)
        dtype = weight.dtype

        def __len__(self):
            return len(weight)

    unrolled = unroll(rnn, inputs, state, leaves={(layer, direction): Copies()})
    gradients = torch.autograd.grad(everything(unrolled.output, unrolled.final), copies)
    return [gradient.numpy() for gradient in gradients]


@pytest.mark.parametrize("cell", CELLS)
def test_weight_contributions_add_up_to_the_modules_own_gradient(cell):
    rnn = build(cell).double()
    inputs, _ = draw(rnn)
    found = weight_contributions(rnn, inputs, everything)
    everything(*rnn(inputs)).backward()
    assert found.total_norm == pytest.approx(rnn.weight_hh_l0.grad.norm().item(), rel=1e-9)


def test_weight_contributions_of_no_gradient_are_zero():
    rnn = build("gru").double()
    found = weight_contributions(rnn, draw(rnn, time=1)[0], lambda output, final: output.sum())
    assert found.total_norm == 0
    assert found.projections.tolist() == found.norms.tolist() == [0.0]
