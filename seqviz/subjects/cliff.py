"""The error surface of one unit: which unit, where gradient descent starts on it, and how it steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, choice, integer, real

UNITS: Mapping[str, str] = {"rnn": "RNN unit", "lstm": "LSTM unit"}
WINDOWS: Mapping[str, tuple[tuple[float, float], tuple[float, float]]] = {  # what is drawn of w and of b
    "rnn": ((2.0, 7.0), (-4.0, -1.0)),
    "lstm": ((0.0, 8.0), (-2.0, 1.0)),
}
TIME = 50  # steps of the unit
TARGET = 0.7  # what σ of its last state should be
START = 0.5  # its first state
FARTHEST = 1e3  # that a start may lie from 0


@dataclass(frozen=True, kw_only=True)
class Unit(Config):
    """One recurrent unit without input; what is not named here are its two parameters w and b."""

    kind: ClassVar[str] = "unit"

    unit: str = choice("rnn", UNITS, "unit")
    forget_bias: float = real(1.0, -4.0, 2.0, "forget-gate bias", applies=lambda one: one.unit == "lstm")


@dataclass(frozen=True, kw_only=True)
class UnitSurface(Unit):
    """The error of a unit on a grid of its two parameters."""

    kind: ClassVar[str] = "surface"

    points: int = integer(200, 2, 400, "grid points a side")


@dataclass(frozen=True, kw_only=True)
class UnitDescent(Unit):
    """Two gradient descents on a unit's error from one start: one as it is, one with its gradient's norm clipped."""

    kind: ClassVar[str] = "descent"

    w: float = real(5.0, -FARTHEST, FARTHEST, "start w")
    b: float = real(-2.5, -FARTHEST, FARTHEST, "start b")
    rate: float = real(0.2, 1e-4, 1e6, "learning rate η")
    threshold: float = real(0.2, 0.0, 1e4, "clipping threshold θ")
    steps: int = integer(60, 1, 200, "descent steps")
