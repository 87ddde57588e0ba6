"""What a script is written for: the experiments that it trains, one after the other."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from seqviz.errors import ConfigError
from seqviz.experiment import TASKS, Experiment, FeedforwardConfig, RecurrentConfig, Seq2SeqConfig, TrainingConfig
from seqviz.experiment.cells import CELL_SPECS, CellModule
from seqviz.experiment.task import AddingConfig, TranslationConfig


@dataclass(frozen=True)
class Stage:
    """One experiment of those that a script trains."""

    experiment: Experiment
    end: int  # the step that the next one goes on from, or its last
    keeps_state: bool  # whether it goes on with the optimizer's state
    task: Any = None  # what draws its data and judges answers, as code

    @property
    def training(self) -> TrainingConfig:
        """How it trains."""
        return self.experiment.training


@dataclass(frozen=True)
class Plan:
    """How a script trains; templates ask it, and a script has the answers."""

    stages: tuple[Stage, ...]
    threads: int = 1

    @property
    def first(self) -> Experiment:
        """The experiment that the network begins with."""
        return self.stages[0].experiment

    @property
    def seed(self) -> int:
        """Draws the first weights."""
        return self.first.seed

    @property
    def task(self) -> str:
        """The task's name."""
        return str(self.first.task.to_json()["name"])

    @property
    def network(self) -> str:
        """The kind of network: ``recurrent``, ``feedforward``, or the model's name."""
        kinds = {RecurrentConfig: "recurrent", FeedforwardConfig: "feedforward"}
        return kinds.get(type(self.first.model), self.first.model.name)

    @property
    def cell(self) -> CellModule | None:
        """The module of its recurrent cell, if it has one."""
        model = self.first.model
        if isinstance(model, RecurrentConfig):
            return model.spec.modules[model.activation]
        return CELL_SPECS[model.cell].modules["tanh"] if isinstance(model, Seq2SeqConfig) else None

    @property
    def answer(self) -> str:
        """When the network answers: at the ``last`` step, at ``every`` step, with a ``sequence``, …"""
        return TASKS[self.task].answer

    @property
    def reads_targets(self) -> bool:
        """Whether the network writes, and reads the right previous words as it does."""
        return self.answer in ("sequence", "picture")

    @property
    def tosses_coins(self) -> bool:
        """Whether chance decides what the network drops or reads in training."""
        model = self.first.model
        if isinstance(model, Seq2SeqConfig):
            return model.teacher_forcing < 1
        return isinstance(model, RecurrentConfig) and model.dropout != "none"

    @property
    def is_paced(self) -> bool:
        """Whether a schedule changes the learning rate at any stage."""
        return any(stage.experiment.training.schedule != "constant" for stage in self.stages)


PLAN = Plan((Stage(Experiment(task=AddingConfig(), model=RecurrentConfig()), end=500, keeps_state=False),))
"""An example, by which templates are checked."""


def plan_of(experiment: Experiment, ancestors: tuple[Experiment, ...] = (), *, threads: int = 1) -> Plan:
    """Return the plan of a script that trains ``experiment``, and before it those of ``ancestors`` that it goes on from.

    Raises:
        ConfigError: an ancestor is missing or does not fit.
    """
    line = _line(experiment, ancestors)
    ends = [child.first_step for child in line[1:]] + [experiment.last_step]
    optimizers = [one.training.optimizer for one in line]
    keeps = [False, *(before == after for before, after in pairwise(optimizers))]
    return Plan(tuple(map(Stage, line, ends, keeps)), threads)


def _line(experiment: Experiment, ancestors: tuple[Experiment, ...]) -> list[Experiment]:
    line = [experiment]
    for ancestor in ancestors:
        if line[-1].parent is not None:
            line[-1].check_parent(ancestor)
            line.append(ancestor)
    if line[-1].parent is not None:
        raise ConfigError(f"the script needs the experiment of run {line[-1].parent.run}, from which this one goes on")
    if isinstance(experiment.task, TranslationConfig) and any(_differs(one, experiment) for one in line):
        raise ConfigError("a script is written for runs that go on with the same sentences and the same network")
    return line[::-1]


def _differs(one: Experiment, other: Experiment) -> bool:
    return one.task != other.task or one.model != other.model
