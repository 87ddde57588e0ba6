"""What is watched, passed on to TensorBoard or Weights & Biases as it is seen."""

from collections.abc import Callable
from typing import Any

import numpy as np

from seqviz.measures.reach import reach
from seqviz.records import WatchedStep

Relay = Callable[[WatchedStep], object]


def to_tensorboard(writer: Any) -> Relay:
    """Return a relay to a ``torch.utils.tensorboard.SummaryWriter``.

    Example:
        >>> seen = []
        >>> class Writer:
        ...     def add_scalar(self, name, value, step):
        ...         seen.append((name, value, step))
        >>> to_tensorboard(Writer())(WatchedStep(step=7, norm_before=None, norm_after=0.5))
        >>> seen
        [('seqviz/gradient norm, clipped', 0.5, 7)]
    """

    def relay(step: WatchedStep) -> None:
        for name, value in numbers_of(step).items():
            writer.add_scalar(name, value, step.step)

    return relay


def to_wandb(run: Any) -> Relay:
    """Return a relay to a run of Weights & Biases; its numbers carry their own step, ``seqviz/step``.

    Example:
        >>> seen = []
        >>> class Run:
        ...     def log(self, values):
        ...         seen.append(values)
        >>> to_wandb(Run())(WatchedStep(step=7, norm_before=None, norm_after=0.5))
        >>> seen
        [{'seqviz/step': 7, 'seqviz/gradient norm, clipped': 0.5}]
    """

    def relay(step: WatchedStep) -> None:
        run.log({"seqviz/step": step.step, **numbers_of(step)})

    return relay


def numbers_of(step: WatchedStep) -> dict[str, float]:
    """Return what was seen in a step as numbers by name; what is not known has none."""
    found = {"gradient norm": step.norm_before, "gradient norm, clipped": step.norm_after}
    for name, seen in step.layers.items():
        layers, directions = seen.flow.hidden_norms.shape[:2]
        for layer in range(layers):
            for direction in range(directions):
                place = f"{name}/layer {layer}{(' forward', ' backward')[direction] if directions > 1 else ''}"
                found[f"{place}/share left at the first step"] = reach(seen.flow, layer, direction)
                for gate, shares in seen.right_saturated.items():
                    found[f"{place}/{gate} gate above 0.9"] = float(shares[layer, direction])
                for gate, shares in seen.left_saturated.items():
                    found[f"{place}/{gate} gate below 0.1"] = float(shares[layer, direction])
    found |= {f"{name}/entropy of attention": float(np.mean(entropies)) for name, entropies in step.entropies.items()}
    return {f"seqviz/{name}": value for name, value in found.items() if value is not None and not np.isnan(value)}
