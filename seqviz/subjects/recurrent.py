"""A recurrent network that reads sequences: an untrained one, or a run's at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, choice, integer, text
from seqviz.experiment.model import RecurrentConfig
from seqviz.subjects.run import AtStep

LOSSES: Mapping[str, str] = {"last": "at the last step", "every": "at every step"}
DIRECTIONS: Mapping[str, str] = {"forward": "forward", "backward": "backward"}
STATES: Mapping[str, str] = {"hidden": "hidden state h", "cell": "cell state c"}


@dataclass(frozen=True, kw_only=True)
class Reading(Config):
    """A recurrent network that reads sequences, and the place in it that Jacobians, contributions and agreement look at."""

    kind: ClassVar[str] = "trace"

    layer: int = integer(0, 0, 3, "layer", note="0 reads the input")
    direction: str = choice("forward", DIRECTIONS, "direction")
    sample: int = integer(0, 0, 1023, "sequence of the batch", note="of the Jacobians")
    time: int = integer(0, 0, 999, "time step", note="of the state whose gradient is held against finite differences")
    state: str = choice("hidden", STATES, "state", note="whose gradient is held against finite differences")

    @property
    def direction_index(self) -> int:
        """The direction as records count it: 0 forward, 1 backward."""
        return list(DIRECTIONS).index(self.direction)


@dataclass(frozen=True, kw_only=True)
class UntrainedNetwork(RecurrentConfig, Reading):
    """A network fresh from its initialisation, reading sequences of standard normal numbers.

    A linear readout answers with one number; each sequence's loss is (answer - target)², with a standard normal target, at
    the last step or summed over every step. Whatever ``loss`` says, a gradient map is of the losses at every step.
    """

    kind: ClassVar[str] = "network"

    length: int = integer(50, 1, 1000, "sequence length T")
    loss: str = choice("last", LOSSES, "loss")
    seed: int = integer(0, 0, 2**31 - 1, "seed", note="draws the weights, the inputs and the targets")
    input_size: int = integer(8, 1, 512, "numbers read at each step")
    batch_size: int = integer(4, 1, 64, "sequences", note="each has a norm of its own")


@dataclass(frozen=True, kw_only=True)
class RunMoment(AtStep, Reading):
    """A run's network after ``step`` training steps, reading a typed text or its task's held-out sequences.

    The loss is the task's own, summed over the sequences and the steps that it is asked at; on a typed text it is the
    cross-entropy (nats) of each next character. ``every`` of a task that is answered at the last step asks for the answer
    at every step.
    """

    kind: ClassVar[str] = "moment"

    text: str = text("", r"(?s).{0,20000}", "typed text", note="only character models read it")
    loss: str = choice("last", LOSSES, "loss")
    seed: int = integer(0, 0, 2**31 - 1, "seed", note="draws the sequences")
    batch_size: int = integer(4, 1, 64, "sequences")
