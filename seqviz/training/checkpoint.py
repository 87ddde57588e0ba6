"""A run's state as plain arrays, and back: weights, optimizer, and the number of steps done."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.errors import ConfigError

Arrays = dict[str, np.ndarray]


def weight_arrays(model: nn.Module) -> Arrays:
    """Return a copy of each weight, by its PyTorch name."""
    return {name: _array(weight) for name, weight in model.named_parameters()}


def optimizer_arrays(model: nn.Module, optimizer: torch.optim.Optimizer) -> Arrays:
    """Return a copy of what the optimizer keeps, as ``<weight>/<what>``."""
    return {
        f"{name}/{what}": _array(value)
        for name, weight in model.named_parameters()
        for what, value in optimizer.state.get(weight, {}).items()
        if isinstance(value, Tensor)
    }


@torch.no_grad()
def load_weights(model: nn.Module, arrays: Mapping[str, np.ndarray]) -> None:
    """Give ``model`` the weights that :func:`weight_arrays` returned.

    Raises:
        ConfigError: they are of a network with other parts or other sizes.
    """
    weights = dict(model.named_parameters())
    for name in [*weights, *arrays]:
        wanted = tuple(weights[name].shape) if name in weights else "none"
        given = arrays[name].shape if name in arrays else "none"
        if wanted != given:
            raise ConfigError(
                f"the run to go on from does not fit: this network's {name} has shape {wanted}, that one's {given}"
            )
    for name, weight in weights.items():
        weight.copy_(torch.from_numpy(np.array(arrays[name])))


def load_optimizer(
    model: nn.Module, optimizer: torch.optim.Optimizer, arrays: Mapping[str, np.ndarray], keeps: frozenset[str]
) -> bool:
    """Give ``optimizer`` the state that :func:`optimizer_arrays` returned, if it is of the same kind; return whether it is.

    Args:
        model: whose weights the optimizer moves.
        optimizer: left as it is where the state is another kind's.
        arrays: the state.
        keeps: what an optimizer of this kind keeps for each weight.
    """
    if {name.partition("/")[2] for name in arrays} != set(keeps):
        return False
    weights = dict(model.named_parameters())
    for name, array in arrays.items():
        weight, _, what = name.partition("/")
        value = torch.from_numpy(np.array(array))
        is_count = what == "step"  # a scalar, which PyTorch keeps on the CPU
        optimizer.state[weights[weight]][what] = value.reshape(()) if is_count else value.to(weights[weight].device)
    return True


def _array(value: Tensor) -> np.ndarray:
    return value.detach().cpu().numpy().copy()
