"""Pascanu's criterion in numbers and words."""

import pytest
import torch

from seqviz.errors import TraceError
from seqviz.tracing.criterion import pascanu_criterion
from tests.seqviz.tracing.unrolled import build


@pytest.mark.parametrize(("cell", "gamma"), [("tanh", 1.0), ("relu", 1.0), ("sigmoid", 0.25)])
@pytest.mark.parametrize(("share", "said"), [(0.9, "suffices"), (1.0, "cannot explode"), (1.1, "necessary but not sufficient")])
def test_the_criterion_compares_the_largest_singular_value_with_the_slope(cell, gamma, share, said):
    rnn = build(cell, bidirectional=True, num_layers=2)
    matrix = torch.diag(torch.tensor([share / gamma, 0.0, 0.1, 0.2]))
    rnn.weight_hh_l1_reverse.data = matrix
    found = pascanu_criterion(rnn, layer=1, direction=1)
    assert found.gamma == gamma
    assert found.largest_singular_value == pytest.approx(share / gamma)
    assert said in found.sentence


def test_rounding_does_not_decide_what_is_said_of_an_orthogonal_matrix():
    rnn = build("tanh", hidden_size=32)
    torch.nn.init.orthogonal_(rnn.weight_hh_l0)
    assert "equals 1/γ = 1: the gradient cannot explode" in pascanu_criterion(rnn.float()).sentence


def test_the_spectral_radius_may_be_far_below_the_largest_singular_value():
    rnn = build("tanh", hidden_size=2)
    rnn.weight_hh_l0.data = torch.tensor([[0.5, 10.0], [0.0, 0.5]])
    found = pascanu_criterion(rnn)
    assert found.spectral_radius == pytest.approx(0.5)
    assert found.largest_singular_value > 10


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_criterion_is_not_about_gated_cells(cell):
    with pytest.raises(TraceError, match="about a plain RNN"):
        pascanu_criterion(build(cell))
