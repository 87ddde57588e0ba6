"""How a run is trained, without torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, choice, integer, real

OPTIMIZERS: Mapping[str, str] = {
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adadelta": "AdaDelta",
}

CLIPS: Mapping[str, str] = {"off": "off", "norm": "by norm", "value": "by value"}


@dataclass(frozen=True, kw_only=True)
class TrainingConfig(Config):
    """The optimizer, its steps, and what happens to a gradient before it is applied."""

    kind: ClassVar[str] = "training"

    optimizer: str = choice("adam", OPTIMIZERS, "optimizer")
    learning_rate: float = real(0.01, 1e-9, 1e9, "learning rate")
    momentum: float = real(0.9, 0.0, 0.9999, "momentum", applies=lambda training: training.optimizer == "momentum")
    batch_size: int = integer(32, 1, 4096, "batch size")
    steps: int = integer(500, 1, 10_000_000, "training steps")
    clip: str = choice("norm", CLIPS, "clip gradients")
    threshold: float = real(1.0, 1e-9, 1e9, "clipping threshold", applies=lambda training: training.clip != "off")
