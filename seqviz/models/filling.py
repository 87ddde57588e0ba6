"""Networks without weights, and networks with those of a run."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import torch
from torch import nn

Module = TypeVar("Module", bound=nn.Module)


def empty(make: Callable[[], Module]) -> Module:
    """Return the network that ``make`` builds, on the CPU, its weights not set.

    PyTorch's own initialisation neither costs time nor draws random numbers.
    """
    with torch.device("meta"):
        model = make()
    return model.to_empty(device="cpu")


def filled(model: Module, weights: Mapping[str, np.ndarray]) -> Module:
    """Return ``model`` itself with ``weights``, copied, by their PyTorch names.

    Raises:
        RuntimeError: a weight is missing, unknown, or of another shape.
    """
    model.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in weights.items()})
    return model
