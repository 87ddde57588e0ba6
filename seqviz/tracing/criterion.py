"""Whether a recurrent matrix lets gradients vanish or explode."""

import numpy as np
from torch import nn

from seqviz.errors import TraceError
from seqviz.records import PascanuCriterion
from seqviz.tracing.cells import CELLS
from seqviz.tracing.network import read_network, untouched
from seqviz.tracing.place import check_place


def pascanu_criterion(rnn: nn.Module, layer: int = 0, direction: int = 0) -> PascanuCriterion:
    """Return what Pascanu's criterion needs to know of a plain RNN's recurrent matrix.

    Raises:
        UnsupportedModelError: ``rnn`` is not supported.
        TraceError: it is no plain RNN, or has no such layer or direction.

    Example:
        >>> rnn = nn.RNN(3, 5)
        >>> _ = nn.init.orthogonal_(rnn.weight_hh_l0, gain=0.5)
        >>> pascanu_criterion(rnn).sentence
        'σ_max(W) = 0.5 is below 1/γ = 1: that suffices for the gradient to vanish.'
    """
    with untouched():
        network = read_network(rnn)
        check_place(network, layer, direction)
        gamma = CELLS[network.mode].slope
        if gamma is None:
            raise TraceError(f"Pascanu's criterion is about a plain RNN, not about the {network.mode}'s gated recurrence")
        matrix = network.weights[layer][direction].named["weight_hh"].cpu().double().numpy()
        return PascanuCriterion(
            largest_singular_value=float(np.linalg.norm(matrix, 2)),
            spectral_radius=float(np.abs(np.linalg.eigvals(matrix)).max()),
            gamma=gamma,
        )
