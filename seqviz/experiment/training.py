"""How a run is trained, without torch."""

import math
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

SCHEDULES: Mapping[str, str] = {"constant": "constant", "noam": "Noam: up, then as one over √step"}

CLIPS: Mapping[str, str] = {"off": "off", "norm": "by norm", "value": "by value"}


@dataclass(frozen=True, kw_only=True)
class TrainingConfig(Config):
    """The optimizer, its steps, and what happens to a gradient before it is applied."""

    kind: ClassVar[str] = "training"

    optimizer: str = choice("adam", OPTIMIZERS, "optimizer", short="{}", called=OPTIMIZERS)
    learning_rate: float = real(
        0.01, 1e-9, 1e9, "learning rate", note="the highest, where a schedule changes it", short="lr {}"
    )
    schedule: str = choice("constant", SCHEDULES, "learning-rate schedule", added=True, short="{}")
    warmup: int = integer(
        200, 1, 1_000_000, "warm-up steps", applies=lambda training: training.schedule != "constant", added=True,
        note="after which the learning rate is highest",
        short="warm-up {}",
    )  # fmt: skip
    momentum: float = real(0.9, 0.0, 0.9999, "momentum", applies=lambda training: training.optimizer == "momentum")
    batch_size: int = integer(32, 1, 4096, "batch size", short="batch {}")
    steps: int = integer(500, 1, 10_000_000, "training steps", short="{} steps")
    clip: str = choice("norm", CLIPS, "clip gradients", called=CLIPS)
    threshold: float = real(
        1.0, 1e-9, 1e9, "clipping threshold", applies=lambda training: training.clip != "off", short="at {}"
    )

    def rate_at(self, step: int) -> float:
        """Return the learning rate of training step ``step``, which counts from 1.

        ``noam``: learning_rate · min(step / warmup, √(warmup / step)). With learning_rate = 1 / √(width · warmup) it is the
        schedule of the paper.

        >>> training = TrainingConfig(learning_rate=0.1, schedule="noam", warmup=4)
        >>> [training.rate_at(step) for step in (1, 4, 16)]
        [0.025, 0.1, 0.05]

        Source:
            Vaswani et al. (2017), equation 3, https://arxiv.org/abs/1706.03762
        """
        if self.schedule == "constant":
            return self.learning_rate
        return self.learning_rate * min(step / self.warmup, math.sqrt(self.warmup / step))
