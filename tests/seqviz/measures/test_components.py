"""Principal components are those of a direct singular value decomposition."""

import numpy as np
import pytest

from seqviz.errors import TraceError
from seqviz.measures.components import principal_components


def test_places_and_shares_are_those_of_a_direct_svd():
    states = np.random.default_rng(0).normal(size=(40, 6)) * [5, 3, 2, 1, 0.5, 0.1] + 7
    places, explained = principal_components(states, 3)
    centred = states - states.mean(axis=0)
    left, singular, right = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(right[np.arange(6), np.abs(right).argmax(axis=1)])
    np.testing.assert_allclose(places, (left * singular * signs)[:, :3], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(explained, singular**2 / (singular**2).sum(), rtol=1e-9)


def test_more_units_than_states_leave_directions_without_variance():
    _, explained = principal_components(np.random.default_rng(1).normal(size=(4, 9)), 2)
    assert explained.shape == (9,)
    np.testing.assert_allclose(explained[3:], 0, atol=1e-12)
    assert explained.sum() == pytest.approx(1)


@pytest.mark.parametrize("states", [np.ones((5, 3)), np.ones((1, 3))])
def test_states_that_do_not_differ_are_refused(states):
    with pytest.raises(TraceError, match="at least two different states"):
        principal_components(states, 2)
