"""Nothing that is not finite is ever kept: the state before a step, and what went wrong in it."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from seqviz.errors import DivergenceError

LARGE = 16_384  # above this many numbers a tensor is checked in place, not together with the others


class Guard:
    """Remembers weights and optimizer state as they were before a step, and brings them back."""

    def __init__(self, model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
        self.model = model
        self.optimizer = optimizer
        self.kept: list[Tensor] = []
        self._look()

    @torch.no_grad()
    def keep(self) -> None:
        """Remember the present state."""
        if len(self.kept) != len(self.tensors):
            self.kept = [torch.empty_like(tensor) for tensor in self.tensors]
        torch._foreach_copy_(self.kept, self.tensors)

    @torch.no_grad()
    def undo(self) -> None:
        """Bring the remembered state back."""
        if len(self.kept) < len(self.tensors):  # the optimizer's state was made in the step that is undone
            self.optimizer.state.clear()
            self._look()
        torch._foreach_copy_(self.tensors, self.kept)

    @torch.no_grad()
    def largest(self) -> Tensor:
        """Return the largest absolute value in the present state: not finite if any of it is not."""
        if len(self.optimizer.state) != self.states:
            self._look()
        ends = [end for tensor in self.large for end in torch.aminmax(tensor)]
        if self.small:
            ends += torch.aminmax(torch.cat([tensor.flatten() for tensor in self.small]))
        return torch.stack(ends).abs().amax()

    def error(self, step: int, loss: Tensor, norm: Tensor) -> DivergenceError:
        """Return the error that names what is not finite after the update of ``step``, in the order it was computed."""
        for name, tensor in self._computed(loss, norm):
            worst = tensor.detach()[~torch.isfinite(tensor)]
            if worst.numel():
                value = float(worst.flatten()[0])
                return DivergenceError(step, name, "not a number" if math.isnan(value) else "infinite")
        raise AssertionError(f"step {step} was called divergent, but everything in it is finite")

    def _look(self) -> None:
        named = list(self._state())
        self.tensors = [tensor for _, tensor in named]
        judged = [tensor for name, tensor in named if not name.startswith("the optimizer's step")]  # a count, on the CPU
        self.large = [tensor for tensor in judged if tensor.numel() >= LARGE]
        self.small = [tensor for tensor in judged if tensor.numel() < LARGE]
        self.states = len(self.optimizer.state)

    def _computed(self, loss: Tensor, norm: Tensor) -> Iterator[tuple[str, Tensor]]:
        yield "the loss", loss
        for name, weight in self.model.named_parameters():
            if weight.grad is not None:
                yield f"the gradient of {name}", weight.grad
        yield "the gradient's norm", norm
        yield from self._state()

    def _state(self) -> Iterator[tuple[str, Tensor]]:
        for name, weight in self.model.named_parameters():
            yield name, weight.detach()
            for what, value in self.optimizer.state.get(weight, {}).items():
                if isinstance(value, Tensor):
                    yield f"the optimizer's {what} of {name}", value
