"""What the masks of a recurrent network's dropout are asked for."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.errors import ConfigError
from seqviz.experiment.fields import Config, choice, flag, integer, real
from seqviz.experiment.model import DROPOUTS


@dataclass(frozen=True, kw_only=True)
class DropoutSteps(Config):
    """The masks that a recurrent network trained from ``seed`` drops connections by in one training step, for one sequence.

    They are those of the first sequence of its batch; reading without training drops nothing.
    """

    kind: ClassVar[str] = "dropout"

    dropout: str = choice("layers", DROPOUTS, "dropout")
    dropout_rate: float = real(0.2, 0.0, 0.95, "share dropped", applies=lambda masks: masks.dropout != "none")
    layers: int = integer(2, 1, 4, "layers")
    hidden_size: int = integer(5, 1, 1024, "units of each layer")
    length: int = integer(8, 2, 1000, "sequence length T")
    batch_size: int = integer(32, 1, 4096, "batch size")
    seed: int = integer(0, 0, 2**31 - 1, "seed", note="of the run: each training step's masks follow from it and the step")
    step: int = integer(1, 1, 10_000_000, "training step")
    training: bool = flag(True, "in training")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.dropout == "layers" and self.layers == 1:
            raise ConfigError("dropout between layers needs at least 2 layers, got 1")
