"""How much of a loss's gradient reaches what was read, position by position."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.records import Agreement
from seqviz.tracing.agreement import agreement_at_once

Losses = Callable[[Tensor], Tensor]  # inputs (batch, time, unit) → the loss of each sequence (batch,)


def input_norms(losses: Losses, inputs: Float[Tensor, "batch time unit"]) -> Float[np.ndarray, "batch time"]:
    """Return ‖∂loss/∂x_t‖ over units, each sequence's own loss by its own inputs.

    Args:
        losses: runs a network; no sequence may touch another's loss.
        inputs: what it reads.
    """
    with torch.enable_grad():
        read = inputs.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(losses(read).sum(), read)
    norms: np.ndarray = torch.linalg.vector_norm(gradient, dim=-1).numpy()
    return norms


def input_agreement(losses: Losses, inputs: Float[Tensor, "1 time unit"], time: int) -> Agreement:
    """Hold ∂loss/∂x_t of one sequence against central finite differences; give network and inputs in float64."""
    with torch.enable_grad():
        read = inputs.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(losses(read).sum(), read)

    @torch.no_grad()
    def nudged(nudges: Tensor) -> Tensor:
        moved = inputs.expand(len(nudges), -1, -1).clone()
        moved[:, time] += nudges
        return losses(moved)

    return agreement_at_once(gradient[0, time], nudged)
