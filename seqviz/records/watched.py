"""What was seen of a training loop that is not ours; the axes are those of :mod:`seqviz.records`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from seqviz.records.gradient_flow import GradientFlow
from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class WatchedLayer(Record):
    """One recurrent layer, or loop of cells, in one training step.

    ``flow`` is of the backward passes of that very step; of a large batch, of some of its sequences. The shares are of gate
    values below 0.1 and above 0.9, over batch, time and units (Karpathy, Johnson & Fei-Fei, 2015).
    """

    kind: str  # "LSTM"
    flow: GradientFlow
    sequences: int  # that the layer read in this step
    left_saturated: Mapping[str, Float[Array, "layer direction"]] = field(default_factory=dict)
    right_saturated: Mapping[str, Float[Array, "layer direction"]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, repr=False)
class WatchedStep(Record):
    """What was seen in one step of an optimizer, with all its backward passes.

    Norms are of all of the model's gradients together. ``norm_before`` is before anything changed them, clipping above all;
    None where it cannot be known. Both are free of a scaler's factor.
    """

    step: int  # counted from 0, by the optimizer's steps
    norm_before: float | None
    norm_after: float
    layers: Mapping[str, WatchedLayer] = field(default_factory=dict)
    entropies: Mapping[str, Float[Array, " head"]] = field(default_factory=dict)  # of attention, in nats, mean over queries
    notes: tuple[str, ...] = ()  # what could not be had exactly, and what is shown instead
    not_finite: str = ""  # where the first gradient is that is no finite number


@dataclass(frozen=True, kw_only=True, repr=False)
class WatchedRun(Record):
    """A training loop that was watched."""

    id: str
    model: str  # its class
    started: float  # seconds since 1970
    every: int
    state: str  # "running", "ended" or "broke off: …"
    steps: tuple[WatchedStep, ...]
    damaged: tuple[str, ...] = ()  # files that could not be read
