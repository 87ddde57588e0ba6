"""Networks without weights, and networks with those of a run."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

Module = TypeVar("Module", bound=nn.Module)


def empty(make: Callable[[], Module]) -> Module:
    """Return the network that ``make`` builds, its weights not set.

    PyTorch's own initialisation costs no time and draws no random numbers.
    """
    with _Undrawn():
        return make()


def filled(model: Module, weights: Mapping[str, np.ndarray]) -> Module:
    """Return ``model`` itself with ``weights``, copied, by their PyTorch names.

    Raises:
        RuntimeError: a weight is missing, unknown, or of another shape.
    """
    model.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in weights.items()})
    return model


class _Undrawn(TorchFunctionMode):
    """Leaves tensors as they are where ``torch.nn.init`` would draw them. (The device "meta" would, too, but there a normal
    distribution costs a second of imports.)
    """

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Return what ``func`` does, or the tensor that it was to fill."""
        named = kwargs or {}
        if getattr(func, "__module__", "") == "torch.nn.init":
            return named["tensor"] if "tensor" in named else args[0]
        return func(*args, **named)
