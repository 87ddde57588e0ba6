"""Principal components of a cloud of states. Needs no torch."""

import numpy as np
from jaxtyping import Float

from seqviz.errors import TraceError


def principal_components(
    states: Float[np.ndarray, "sentence unit"], keep: int
) -> tuple[Float[np.ndarray, "sentence component"], Float[np.ndarray, " direction"]]:
    """Return the states along the first ``keep`` directions of most variance, and every direction's share of it.

    The directions are the eigenvectors of the units' covariance; of each, the largest entry is made positive.

    Args:
        states: one row each.
        keep: how many directions to return places along, at most the number of units.

    Raises:
        TraceError: there are fewer than two states, or all are the same.
    """
    centred = states - states.mean(axis=0)
    if len(states) < 2 or not centred.any():
        raise TraceError(f"principal components need at least two different states, got {len(states)}")
    variances, directions = np.linalg.eigh(centred.T @ centred)
    variances, directions = variances[::-1].clip(min=0), directions[:, ::-1]
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.sign(directions[largest, np.arange(directions.shape[1])])
    return centred @ directions[:, :keep], variances / variances.sum()
