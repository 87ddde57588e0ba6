"""The gradient of a caller's loss at the network's outputs, by ordinary autograd."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from seqviz.errors import TraceError
from seqviz.tracing.forward import Forward
from seqviz.tracing.network import Network, Reading, State, in_module_layout

Loss = Callable[[Tensor, State], Tensor]


@dataclass(frozen=True)
class Local:
    """One loss's gradient at the top layer's outputs and at every layer's last states."""

    output: Tensor  # (time, batch, direction·unit)
    hidden: Tensor | None  # (layer·direction, batch, unit); None where the loss reads no final state
    cell: Tensor | None


class Losses:
    """The value of ``loss(output, final_state)`` with a graph that ends at the network's outputs."""

    def __init__(self, network: Network, reading: Reading, forward: Forward, loss: Loss, shape: tuple[int, ...]) -> None:
        states = forward.final if isinstance(forward.final, tuple) else (forward.final,)
        with torch.enable_grad():
            self._output = forward.output.detach().requires_grad_()
            self._finals = [one.detach().requires_grad_() for one in states]
            # a loss may edit what it is given, which autograd refuses of a leaf and of a view of one
            output = self._output.clone() if reading.lengths is None else reading.lengths.cut(self._output)
            finals = [(one.squeeze(1) if reading.unbatched else one).clone() for one in self._finals]
            given = in_module_layout(network, reading, output)
            self.values = loss(given, (finals[0], finals[1]) if network.has_cell else finals[0])
        _check(self.values, shape)

    def gradient(self, index: int | None = None) -> Local:
        """Return the gradient of the loss at ``index``, or of the sum of all."""
        weights = torch.ones_like(self.values) if index is None else torch.zeros_like(self.values)
        if index is not None:
            weights[index] = 1.0
        return self.weighted(weights)

    def weighted(self, weights: Tensor) -> Local:
        """Return the gradient of the sum of the losses, each times its weight."""
        leaves = [self._output, *self._finals]
        gradients = torch.autograd.grad(self.values, leaves, weights, retain_graph=True, allow_unused=True)
        output, *finals = gradients
        hidden, cell = [*finals, None][:2]
        return Local(torch.zeros_like(self._output) if output is None else output, hidden, cell)

    def gradients(self, first: int, last: int) -> Iterator[Local]:
        """Yield the gradient of each loss in [first, last)."""
        return map(self.gradient, range(first, last))


def _check(values: object, shape: tuple[int, ...]) -> None:
    expected = f"one value for each of the {shape[0]} time steps" if shape else "a single value"
    if not isinstance(values, Tensor):
        raise TraceError(f"the loss must return a tensor with {expected}, got {type(values).__name__}")
    if tuple(values.shape) != shape:
        raise TraceError(f"the loss must return {expected}, so a tensor of shape {shape}, got {tuple(values.shape)}")
    if not values.requires_grad:
        raise TraceError("the loss does not depend on the network's outputs, so it has no gradient to trace")
