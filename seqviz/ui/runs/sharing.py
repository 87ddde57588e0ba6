"""Runs as a link writes them: whole experiments, so that another machine can train the same ones.

One run reads ``adding~lstm~seed-0~length-30~hidden_size-32~…``; runs are joined by ``~~``. No setting is left out, so a
link means the same when a default changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from seqviz.errors import ConfigError, UnknownNameError
from seqviz.experiment import MODELS, TASKS, Experiment, Parent, TrainingConfig
from seqviz.experiment.fields import Config, Rule
from seqviz.registry import look_up
from seqviz.settings import settings
from seqviz.ui.shell.links import Control

BETWEEN_RUNS = "~~"
BETWEEN_SETTINGS = "~"
GENERATIONS = 50  # parents of parents of …

Runs = tuple[Experiment, ...]


@dataclass(frozen=True, kw_only=True)
class RunsRule(Rule):
    """What a setting may hold that is a set of runs."""

    kind: str = "runs"
    most: int

    def parse(self, name: str, written: str) -> Any:
        """Return the experiments that a link writes as ``written``."""
        try:
            return self.check(name, tuple(read_run(one) for one in written.split(BETWEEN_RUNS) if one))
        except UnknownNameError as error:
            raise ConfigError(str(error)) from error

    def write(self, value: Any) -> str:
        """Return the experiments as a link writes them."""
        return BETWEEN_RUNS.join(map(write_run, value))

    def _check_runs(self, name: str, value: Any) -> Any:
        if len(value) > self.most:
            raise ConfigError(f"{name} may name at most {self.most} runs, got {len(value)}")
        return tuple({one.run_id: one for one in value}.values())


def runs_control(title: str, most: int | None = None) -> Control:
    """Return a control for a set of runs, as many as fit on a page by default."""
    return Control(rule=RunsRule(title=title, most=most or settings().limits.runs_on_a_page), default=())


def write_run(experiment: Experiment) -> str:
    """Return an experiment as a link writes it; :func:`read_run` reads it back."""
    query = experiment.to_query()
    names = [query.pop("task.name"), query.pop("model.name")]
    return BETWEEN_SETTINGS.join(names + [f"{key.rpartition('.')[2]}-{value}" for key, value in query.items()])


def read_run(written: str) -> Experiment:
    """Return the experiment that :func:`write_run` wrote.

    Raises:
        ConfigError: it is not written as a run is, or asks for what is not allowed.
        UnknownNameError: there is no task or cell of that name.
    """
    task, _, rest = written.partition(BETWEEN_SETTINGS)
    cell, _, rest = rest.partition(BETWEEN_SETTINGS)
    parts = _parts(task, cell)
    query = {"task.name": task, "model.name": cell}
    for pair in rest.split(BETWEEN_SETTINGS) if rest else ():
        name, _, value = pair.partition("-")
        query[look_up(parts, name, "setting of a run")] = value
    return Experiment.from_query(query)


def ancestors_of(experiment: Experiment, known: Iterable[Experiment]) -> Runs:
    """Return the experiments that ``experiment`` goes on from, as far as they are ``known``: parent, that one's parent, …"""
    by_id = {one.run_id: one for one in known}
    line: list[Experiment] = []
    while experiment.parent is not None and experiment.parent.run in by_id and len(line) < GENERATIONS:
        experiment = by_id[experiment.parent.run]
        line.append(experiment)
    return tuple(line)


def _parts(task: str, cell: str) -> Mapping[str, str]:
    """Return where each short name of a setting belongs: ``length`` → ``task.length``."""
    tables: dict[str, type[Config]] = {
        "task": look_up(TASKS, task, "task").config,
        "model": look_up(MODELS, cell, "model").config,
        "training": TrainingConfig,
        "parent": Parent,
    }
    named = {name: f"{part}.{name}" for part, config in tables.items() for name in config.rules() if name != "name"}
    return {**named, "seed": "seed"}
