"""The norm of a model's gradient before and after it is clipped, and the factor by which a scaler made it larger."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.amp.grad_scaler import GradScaler
from torch.optim import Optimizer
from torch.utils.hooks import RemovableHandle


class Arrivals:
    """The norm of each weight's gradient right after a backward pass has added to it, before anything else can change it."""

    def __init__(self) -> None:
        self._norms: dict[int, Tensor] = {}

    def listen(self, weights: Sequence[nn.Parameter]) -> list[RemovableHandle]:
        """Listen to ``weights``; the handles end it."""
        listened = [weight for weight in weights if weight.requires_grad]
        return [weight.register_post_accumulate_grad_hook(self._note) for weight in listened]  # type: ignore[no-untyped-call]

    def norm(self, weights: Sequence[nn.Parameter]) -> float | None:
        """Return the norm of all gradients of ``weights`` together; None where one of them has come in another way."""
        with_gradient = [weight for weight in weights if weight.grad is not None]
        if not with_gradient or any(id(weight) not in self._norms for weight in with_gradient):
            return None
        return total([self._norms[id(weight)] for weight in with_gradient])

    def _note(self, weight: Tensor) -> None:
        self._norms[id(weight)] = norm_of(weight.grad)


def norm_of(gradient: Tensor | None) -> Tensor:
    """Return the norm of a gradient, dense or sparse."""
    assert gradient is not None
    values = gradient.detach().coalesce().values() if gradient.is_sparse else gradient.detach()
    found: Tensor = torch.linalg.vector_norm(values.float() if values.dtype in (torch.float16, torch.bfloat16) else values)
    return found


def total(norms: Sequence[Tensor]) -> float:
    """Return the norm of all of which these are the norms."""
    return math.sqrt(sum(float(one) ** 2 for one in norms))


def owned(optimizer: Optimizer, weights: Sequence[nn.Parameter]) -> list[nn.Parameter]:
    """Return those of ``weights`` that ``optimizer`` changes."""
    known = {id(weight) for weight in weights}
    return [weight for group in optimizer.param_groups for weight in group["params"] if id(weight) in known]


class Scaling:
    """What a gradient scaler does while a loop is watched, whichever scaler the loop has."""

    def __init__(self, on_skipped: Callable[[], None]) -> None:
        self._scaler: GradScaler | None = None
        self._on_skipped = on_skipped
        self._taken = False
        self._plain: dict[str, Any] = {}

    @property
    def factor(self) -> float:
        """By how much the losses of this step were made larger."""
        return 1.0 if self._scaler is None else self._scaler.get_scale()

    def took_a_step(self) -> None:
        """Note that an optimizer has taken a step."""
        self._taken = True

    def begin(self) -> None:
        """Listen to all scalers."""
        scaling, plain_scale, plain_step = self, GradScaler.scale, GradScaler.step

        def scale(scaler: GradScaler, outputs: Any) -> Any:
            scaling._scaler = scaler if scaler.is_enabled() else None
            return plain_scale(scaler, outputs)

        def step(scaler: GradScaler, optimizer: Optimizer, *given: Any, **named: Any) -> Any:
            scaling._taken = False
            found = plain_step(scaler, optimizer, *given, **named)
            if not scaling._taken:
                scaling._on_skipped()
            return found

        self._plain = {"scale": plain_scale, "step": plain_step}
        for name, listening in ("scale", scale), ("step", step):
            setattr(GradScaler, name, listening)

    def end(self) -> None:
        """Leave scalers as they were."""
        for name, plain in self._plain.items():
            setattr(GradScaler, name, plain)
