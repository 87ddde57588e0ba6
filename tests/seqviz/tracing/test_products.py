"""Long products keep their small singular values, where straight multiplication loses them."""

import numpy as np
import pytest
from mpmath import mp

from seqviz.tracing.products import log_singular_values, pair_norms


def orthogonal(size, generator):
    return np.linalg.qr(generator.standard_normal((size, size)))[0]


def exact_logs(steps):
    """The singular values of steps[-1] ··· steps[1], computed in 400 digits."""
    with mp.workdps(400):
        product = mp.eye(steps.shape[1])
        for step in steps[1:]:
            product = mp.matrix(step.tolist()) * product
        return np.array([float(mp.log(value)) for value in mp.svd_r(product, compute_uv=False)])


@pytest.mark.parametrize("seed", range(3))
def test_log_singular_values_match_four_hundred_digits(seed):
    generator = np.random.default_rng(seed)
    steps = generator.standard_normal((30, 6, 6)) * generator.uniform(0.05, 1, (30, 6, 1))
    np.testing.assert_allclose(log_singular_values(steps)[0], exact_logs(steps), rtol=1e-9, atol=1e-9)


def test_log_singular_values_match_four_hundred_digits_far_below_the_range_of_floats():
    generator = np.random.default_rng(0)
    turn = orthogonal(4, generator)
    steps = np.stack([turn @ np.diag([2.0, 0.9, 1e-3, 1e-9]) @ turn.T @ orthogonal(4, generator) for _ in range(40)])
    exact = exact_logs(steps)
    assert exact[0] - exact[-1] > 200
    np.testing.assert_allclose(log_singular_values(steps)[0], exact, rtol=1e-8)


def test_log_singular_values_of_powers_are_multiples():
    generator = np.random.default_rng(1)
    turn = orthogonal(5, generator)
    scales = np.array([1.5, 1.1, 0.9, 0.5, 0.1])
    steps = np.stack([turn @ np.diag(scales) @ turn.T] * 200)
    np.testing.assert_allclose(log_singular_values(steps)[0], 199 * np.log(scales), rtol=1e-10)


def test_log_singular_values_of_orthogonal_steps_are_zero():
    generator = np.random.default_rng(2)
    steps = np.stack([orthogonal(16, generator) for _ in range(100)])
    assert np.abs(log_singular_values(steps)).max() < 1e-10


def test_log_singular_values_of_singular_steps_are_minus_infinity():
    steps = np.stack([np.diag([0.5, 0.0, 0.2])] * 5)
    np.testing.assert_allclose(log_singular_values(steps)[0], [4 * np.log(0.5), 4 * np.log(0.2), -np.inf])


def test_log_singular_values_of_turned_singular_steps_are_minus_infinity():
    generator = np.random.default_rng(5)
    steps = generator.standard_normal((20, 6, 6))
    steps[10, :2] = 0.0
    values = log_singular_values(steps)
    assert (values[:10, 4:] == -np.inf).all()
    assert np.isfinite(values[:10, :4]).all()
    assert np.isfinite(values[10:]).all()


def test_log_singular_values_of_a_step_that_ends_everything_are_minus_infinity():
    steps = np.stack([np.eye(3), np.eye(3), np.zeros((3, 3)), np.eye(3)])
    assert (log_singular_values(steps)[:2] == -np.inf).all()
    assert (log_singular_values(steps)[2:] == 0).all()


def test_pair_norms_match_plain_products():
    steps = np.random.default_rng(3).standard_normal((6, 4, 4))
    norms, _ = pair_norms(steps, units=3)
    for last in range(6):
        product = np.eye(4)
        for state in range(last, -1, -1):
            assert norms[last, state] == pytest.approx(np.linalg.norm(product[:3, :3], 2), rel=1e-12)
            product = product @ steps[state]
    assert (np.triu(norms, 1) == 0).all()


def test_pair_norms_of_one_row_are_that_row_of_all():
    steps = np.random.default_rng(4).standard_normal((6, 4, 4))
    np.testing.assert_allclose(pair_norms(steps, 4, slice(5, None))[0][5], pair_norms(steps, 4)[0][5])
    assert np.isnan(pair_norms(steps, 4, slice(5, None))[0][:5][np.tril_indices(5)]).all()
