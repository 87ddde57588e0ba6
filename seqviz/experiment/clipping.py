"""The experiments on clipping: one network whose gradient explodes, and Pascanu's temporal order, small."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from seqviz.experiment.experiment import Experiment, Parent
from seqviz.experiment.model import RecurrentConfig
from seqviz.experiment.task import AddingConfig, TemporalOrderConfig
from seqviz.experiment.training import OPTIMIZERS, TrainingConfig

SOLVED = 0.01  # a share of wrong answers below which Pascanu et al. call a network successful
VALUE_LIMIT = 0.1  # to which each number of a gradient is cut, where clipping is by value
FRESH = 2000  # sequences that it is judged on; theirs were 10,000
SWEEP_LENGTHS = (10, 20, 30, 40, 50)
SWEEP_STEPS = 3000
CLIPPING: Mapping[str, str] = {"off": "without clipping", "norm": "with clipping"}

RATES: Mapping[str, float] = {"sgd": 0.1, "momentum": 0.01, "rmsprop": 0.001, "adam": 0.001, "adadelta": 1.0}
RACE_LENGTH, RACE_STEPS = 30, 600


@dataclass(frozen=True, kw_only=True)
class Explosion:
    """A tanh RNN on the adding problem, with recurrent weights large enough for its gradient to explode."""

    length: int = 50
    scale: float = 1.2  # every singular value of the recurrent matrix as it begins
    learning_rate: float = 0.1
    steps: int = 500
    seed: int = 0
    hidden_size: int = 50
    batch_size: int = 20

    def trained(self, clip: str, threshold: float = 1.0) -> Experiment:
        """Return the experiment that trains it with SGD, from the same start whatever the clipping.

        Raises:
            ConfigError: a setting is out of range.
        """
        return Experiment(
            task=AddingConfig(length=self.length),
            model=RecurrentConfig(
                name="rnn", hidden_size=self.hidden_size, initialisation="orthogonal", scale=self.scale
            ),
            training=TrainingConfig(
                optimizer="sgd", learning_rate=self.learning_rate, batch_size=self.batch_size, steps=self.steps,
                clip=clip, threshold=threshold,
            ),
            seed=self.seed,
        )  # fmt: skip


SHORT = Explosion(length=20, steps=2000)  # a length at which the clipped run learns and the other diverges


def resumed(diverged: Experiment, step: int, threshold: float) -> Experiment:
    """Return the experiment that goes on from ``step`` of one that diverged, to the same end, with clipping by norm on.

    Raises:
        ConfigError: a setting is out of range.
    """
    training = replace(diverged.training, clip="norm", threshold=threshold, steps=diverged.last_step - step)
    return replace(diverged, training=training, parent=Parent(run=diverged.run_id, step=step))


def temporal_order(length: int, clip: str, seed: int = 0, *, steps: int = SWEEP_STEPS) -> Experiment:
    """Return one run of the sweep: a tanh RNN that must tell which two symbols it saw early and in the middle, in order.

    Pascanu et al. train longer, with smaller steps, from other initial weights; the page says how.

    Raises:
        ConfigError: a setting is out of range.

    Source:
        Pascanu, Mikolov & Bengio (2013), section 4.1.1, https://arxiv.org/abs/1211.5063
    """
    return Experiment(
        task=TemporalOrderConfig(length=length),
        model=RecurrentConfig(name="rnn", hidden_size=50, initialisation="orthogonal", scale=1.3),
        training=TrainingConfig(optimizer="sgd", learning_rate=0.1, batch_size=20, steps=steps, clip=clip, threshold=1.0),
        seed=seed,
    )


def race(clip: str = "norm", threshold: float = 1.0, factor: float = 1.0, seed: int = 0) -> dict[str, Experiment]:
    """Return the sweep's network at T = 30 with each optimizer, all from one start, at its own learning rate times ``factor``.

    Raises:
        ConfigError: a setting is out of range.
    """
    base = temporal_order(RACE_LENGTH, clip, seed, steps=RACE_STEPS)
    training = replace(base.training, threshold=threshold)
    return {
        name: replace(base, training=replace(training, optimizer=name, learning_rate=factor * RATES[name]))
        for name in OPTIMIZERS
    }


def arm_of(length: int, clip: str) -> str:
    """Return what the sweep's study calls the runs of one length: ``norm-30``.

    >>> arm_of(30, "norm")
    'norm-30'
    """
    return f"{clip}-{length}"
