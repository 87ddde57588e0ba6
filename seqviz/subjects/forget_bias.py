"""How far back a forget-gate bias lets the gradient reach: which networks are asked, and how far."""

from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, flag, integer, real

LOWEST, HIGHEST, STEP = -2.0, 6.0, 0.25  # of the biases shown


@dataclass(frozen=True, kw_only=True)
class ForgetBiases(Config):
    """LSTMs fresh from PyTorch's initialisation, alike but for their forget-gate bias, reading standard normal numbers.

    ``gates_alone``: the recurrent weights are 0, and so are the input weights of the gates, so that the gates depend on
    their biases alone.
    """

    kind: ClassVar[str] = "forget-gate biases"

    length: int = integer(100, 2, 200, "longest distance T")
    hidden_size: int = integer(16, 1, 32, "hidden size")
    seeds: int = integer(5, 1, 9, "seeds", note="each draws weights and inputs of its own")
    seed: int = integer(0, 0, 9999, "first seed")
    gates_alone: bool = flag(
        False, "gates set by their biases only", note="recurrent weights and the gates’ input weights are 0"
    )

    @property
    def biases(self) -> tuple[float, ...]:
        """The biases shown, from low to high."""
        count = round((HIGHEST - LOWEST) / STEP) + 1
        return tuple(LOWEST + STEP * each for each in range(count))


@dataclass(frozen=True, kw_only=True)
class ForgetBiasPlace(ForgetBiases):
    """One bias and one distance, where the first seed's gradient is checked against finite differences."""

    kind: ClassVar[str] = "forget-gate bias"

    bias: float = real(1.0, LOWEST, HIGHEST, "forget-gate bias")
    distance: int = integer(60, 1, 200, "distance T")
