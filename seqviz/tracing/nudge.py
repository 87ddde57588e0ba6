"""Nudge one input of a recurrent network, and compare the change with the gradient's prediction."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.errors import TraceError
from seqviz.records import Agreement, Nudge
from seqviz.tracing.agreement import agreement_along
from seqviz.tracing.network import untouched
from seqviz.tracing.place import check_index

APART = 2**31  # so that the direction is drawn apart from what else the seed draws

Read = Callable[[Tensor], Tensor]


def nudge(
    rnn: nn.Module, inputs: Float[Tensor, "time input"], time: int, sizes: Float[np.ndarray, " size"], seed: int = 0
) -> Nudge:
    """Return what nudges of the input at ``time`` change in the top layer's states from there on.

    The direction is drawn by ``seed``, of length 1. The gradient's prediction is exact: the Jacobian times the direction, not
    a difference.

    Args:
        rnn: a recurrent module in float64, ``batch_first``; it is left as it is.
        inputs: one sequence.
        time: which input is nudged.
        sizes: ε, how far.
        seed: draws the direction.

    Raises:
        TraceError: there is no such time step, or no size.
    """
    check_index("time", time, len(inputs))
    if not len(sizes):
        raise TraceError("a nudge needs at least one size, got none")
    along = torch.randn(inputs.shape[1], generator=torch.Generator().manual_seed(seed + APART), dtype=inputs.dtype)
    along /= torch.linalg.vector_norm(along)
    read = _reading(rnn, inputs, time)
    with untouched():
        foretold = directional_derivative(read, inputs[time], along)
        moved = read(inputs[time] + torch.from_numpy(sizes).to(inputs.dtype)[:, None] * along) - read(inputs[time])
        errors = moved - torch.from_numpy(sizes)[:, None, None] * foretold
        return Nudge(
            time=time,
            sizes=np.asarray(sizes, dtype=float),
            changes=_norms(moved),
            predicted=_norms(foretold)[0],
            errors=_norms(errors),
            agreement=_agreement(read, inputs[time], along, foretold[0, -1]),
        )


def directional_derivative(read: Read, point: Tensor, along: Tensor) -> Tensor:
    """Return J·``along`` for the Jacobian J of ``read`` at ``point``, by differentiating backward twice.

    vᵀJ is linear in v, so that its derivative along v is J.
    """
    with torch.enable_grad():
        point = point.detach().requires_grad_()
        values = read(point)
        weights = torch.zeros_like(values, requires_grad=True)
        (back,) = torch.autograd.grad(values, point, weights, create_graph=True)
        (forward,) = torch.autograd.grad(back, weights, along)
    return forward.detach()


def _reading(rnn: nn.Module, inputs: Tensor, time: int) -> Read:
    def read(points: Tensor) -> Tensor:
        """Return the states (nudge, later, unit) from ``time`` on, where the input there is each of ``points``."""
        points = points.reshape(-1, inputs.shape[1])
        before, after = (part.expand(len(points), -1, -1) for part in (inputs[:time], inputs[time + 1 :]))
        states: Tensor = rnn(torch.cat([before, points.unsqueeze(1), after], dim=1))[0]
        return states[:, time:]

    return read


def _agreement(read: Read, point: Tensor, along: Tensor, foretold: Tensor) -> Agreement:
    """Hold J·d at the last step, along itself, against central differences."""
    size = torch.linalg.vector_norm(foretold)
    unit = foretold / size if size > 0 else torch.zeros_like(foretold)
    return agreement_along(size.reshape(1), lambda width: float(read(point + width * along)[0, -1] @ unit))


def _norms(values: Tensor) -> np.ndarray:
    norms: np.ndarray = torch.linalg.vector_norm(values, dim=-1).numpy()
    return norms
