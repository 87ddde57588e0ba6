"""The race of initialisations on the adding problem, and the forget-gate biases on temporal order: their experiments."""

from collections.abc import Mapping
from dataclasses import dataclass

from seqviz.experiment import CELLS, Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig, TemporalOrderConfig


@dataclass(frozen=True, kw_only=True)
class Arm:
    """One way to begin: a network, the learning rate that suits it, and how long the study trains it."""

    title: str  # in a sentence
    model: RecurrentConfig
    learning_rate: float
    steps: int


UNITS = 64
RATE, GATED_RATE = 0.001, 0.01  # the learning rates of RNNs, and of LSTM and GRU


def _gated(cell: str) -> Arm:
    model = RecurrentConfig(name=cell, hidden_size=UNITS)
    return Arm(title=CELLS[cell], model=model, learning_rate=GATED_RATE, steps=1000)


def _rnn(title: str, initialisation: str, activation: str = "tanh") -> Arm:
    model = RecurrentConfig(name="rnn", hidden_size=UNITS, initialisation=initialisation, activation=activation)
    return Arm(title=title, model=model, learning_rate=RATE, steps=3500)


ARMS: Mapping[str, Arm] = {
    "default": _rnn("default", "default"),
    "small": _rnn("small random", "small"),
    "orthogonal": _rnn("orthogonal", "orthogonal"),
    "identity": _rnn("identity + ReLU", "identity", "relu"),
    "lstm": _gated("lstm"),
    "gru": _gated("gru"),
}

LENGTH, SEED = 50, 0
# The shipped studies: the length of their sequences, and the training steps of each arm.
STUDIED: Mapping[int, Mapping[str, int]] = {
    LENGTH: {arm: one.steps for arm, one in ARMS.items()},
    100: {"default": 6000, "orthogonal": 6000, "identity": 6000, "lstm": 1500, "gru": 600},
}

BIASES: Mapping[str, float] = {"0": 0.0, "1": 1.0, "3": 3.0, "5": 5.0}
CHRONO = "chrono"
ORDER_LENGTH, ORDER_STEPS, ORDER_UNITS = 60, 2000, 50


def race(arm: str, *, length: int = LENGTH, steps: int | None = None, seed: int = SEED) -> Experiment:
    """Return one arm's experiment on the adding problem; it trains for its own number of steps where none is given."""
    one = ARMS[arm]
    training = TrainingConfig(
        optimizer="adam", learning_rate=one.learning_rate, batch_size=50, steps=steps or one.steps, clip="norm", threshold=1.0
    )
    return Experiment(task=AddingConfig(length=length), model=one.model, training=training, seed=seed)


def forget_bias(arm: str, *, seed: int = SEED) -> Experiment:
    """Return the experiment of one forget-gate bias ("0" … "5"), or of "chrono" initialisation, on temporal order."""
    begun = {"chrono": ORDER_LENGTH} if arm == CHRONO else {"forget_bias": BIASES[arm]}
    training = TrainingConfig(
        optimizer="adam", learning_rate=0.005, batch_size=20, steps=ORDER_STEPS, clip="norm", threshold=1.0
    )
    model = RecurrentConfig(name="lstm", hidden_size=ORDER_UNITS, **begun)
    return Experiment(task=TemporalOrderConfig(length=ORDER_LENGTH), model=model, training=training, seed=seed)
