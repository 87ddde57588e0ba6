"""Clipping by norm keeps the direction, clipping by value need not; neither touches a small gradient."""

import numpy as np
import pytest
import torch

from seqviz.experiment import CLIPS
from seqviz.training.clipping import (
    CLIPPERS,
    clip_by_norm,
    clip_by_value,
    flattened,
    gradient_cosine,
    gradient_norm,
    leave_unclipped,
)


def gradients(size=1.0):
    generator = torch.Generator().manual_seed(0)
    return [size * torch.randn(shape, generator=generator) for shape in ((20, 5), (20,), (1, 7))]


def flat(tensors):
    return torch.cat([tensor.flatten() for tensor in tensors])


def clipped(clip, given, threshold):
    after = [one.clone() for one in given]
    norm, changed = clip(after, gradient_norm(after), threshold)
    return flat(after), float(norm), bool(changed)


def test_every_way_to_clip_has_its_function():
    assert CLIPPERS.keys() == CLIPS.keys()


def test_gradient_norm_is_of_all_numbers_together():
    given = gradients()
    assert float(gradient_norm(given)) == pytest.approx(float(flat(given).double().norm()), rel=1e-6)


@pytest.mark.parametrize("size", [0.3, 1e6, 1e15])
def test_clipping_by_norm_keeps_the_direction_and_leaves_the_threshold(size):
    given = gradients(size)
    after, norm, changed = clipped(clip_by_norm, given, 1.0)
    assert changed
    assert norm == 1.0
    assert float(after.double().norm()) == pytest.approx(1.0, rel=1e-6)
    cosine = torch.nn.functional.cosine_similarity(after.double(), flat(given).double(), dim=0)
    assert float(cosine) == pytest.approx(1.0, abs=1e-7)


def test_clipping_by_norm_agrees_with_pytorchs():
    weights = [torch.nn.Parameter(torch.zeros_like(one)) for one in gradients()]
    for weight, gradient in zip(weights, gradients(), strict=True):
        weight.grad = gradient
    torch.nn.utils.clip_grad_norm_(weights, 2.0)
    after, _, _ = clipped(clip_by_norm, gradients(), 2.0)
    torch.testing.assert_close(after, flat([weight.grad for weight in weights]), rtol=1e-5, atol=0)


@pytest.mark.parametrize("clip", CLIPPERS.values())
def test_a_small_gradient_is_left_to_the_last_bit(clip):
    given = gradients(1e-3)
    after, norm, changed = clipped(clip, given, 1.0)
    assert not changed
    assert torch.equal(after, flat(given))
    assert norm == float(gradient_norm(given))


def test_clipping_by_value_bounds_each_number_and_turns_the_direction():
    given = gradients()
    after, norm, changed = clipped(clip_by_value, given, 0.1)
    assert changed
    assert float(after.abs().max()) == pytest.approx(0.1)
    assert norm == pytest.approx(float(after.norm()))
    assert torch.equal(after.sign(), flat(given).sign())
    assert float(torch.nn.functional.cosine_similarity(after, flat(given), dim=0)) < 0.99


def test_a_gradient_that_is_not_clipped_stays_however_large():
    given = gradients(1e9)
    after, norm, changed = clipped(leave_unclipped, given, 1.0)
    assert not changed
    assert torch.equal(after, flat(given))
    assert norm == float(gradient_norm(given))


@pytest.mark.parametrize("size", [1e-20, 1.0, 1e30])  # whose squares do not fit into single precision
def test_the_cosine_of_a_gradient_before_and_after_clipping_matches_numpys(size):
    given, after = gradients(size), gradients(size)
    clip_by_value(after, gradient_norm(after), 0.1 * size)
    one, other = (flat(each).double().numpy() for each in (given, after))
    expected = one @ other / (np.linalg.norm(one) * np.linalg.norm(other))
    assert float(gradient_cosine(flattened(given), flattened(after))) == pytest.approx(expected, abs=1e-12)
    assert expected < 0.99


def test_the_cosine_of_a_gradient_clipped_by_norm_is_one():
    given, after = gradients(1e6), gradients(1e6)
    clip_by_norm(after, gradient_norm(after), 1.0)
    assert float(gradient_cosine(flattened(given), flattened(after))) == pytest.approx(1.0, abs=1e-12)


def test_a_gradient_of_zero_has_no_direction():
    nothing = [torch.zeros(3)]
    assert torch.isnan(gradient_cosine(flattened(nothing), flattened(nothing)))
