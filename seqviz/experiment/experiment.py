"""An experiment: everything that decides a run's numbers, and the address that follows from it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from seqviz.errors import ConfigError
from seqviz.experiment.cells import CELL_SPECS
from seqviz.experiment.fields import Config, integer, text
from seqviz.experiment.fitting import misfit
from seqviz.experiment.model import MODELS, ModelConfig, RecurrentConfig
from seqviz.experiment.task import OWN, TASKS, TaskConfig
from seqviz.experiment.training import TrainingConfig
from seqviz.language.words import listed
from seqviz.registry import look_up, shown

TRAINING_FORMAT = 1  # raise it only when the same settings would give other numbers

RUN_ID_PATTERN = "[0-9a-f]{20}"

KEPT = (  # what a run that goes on from another cannot change of its model
    "name", "cell", "activation", "width", "hidden_size", "layers", "bidirectional",
    "embedding_size", "attention", "order", "reverse_source", "channels",
    "depth", "normalisation", "dropout", "dropout_rate",
    "backpropagation", "window", "stride", "carried", "heads", "inner", "positions", "learned_positions", "norm", "cells",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Parent(Config):
    """Where a run goes on from: the weights and optimizer state of another run after ``step`` steps."""

    kind: ClassVar[str] = "parent"
    run: str = text("0" * 20, RUN_ID_PATTERN, "run", short="of run {:.4}")
    step: int = integer(0, 0, 10_000_000, "step", short="from step {}")


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Task, model, training, seed, and the run it goes on from.

    A run is a pure function of its experiment, so :attr:`run_id`, the experiment's hash, is the run's address
    everywhere. The seed draws the initial weights and, step by step, the data; the device is no part of it.

    Raises:
        ConfigError: the parts do not fit together.
    """

    task: TaskConfig
    model: ModelConfig
    training: TrainingConfig = field(default_factory=TrainingConfig)
    seed: int = 0
    parent: Parent | None = None

    def __post_init__(self) -> None:
        task = getattr(self.task, "name", None)
        look_up(TASKS, task, "task")
        reason = misfit(str(task), self.model.name, bidirectional=self.model.bidirectional)
        if reason is not None:
            raise ConfigError(reason)
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or not 0 <= self.seed < 2**31:
            raise ConfigError(f"seed must be a whole number in [0, {2**31 - 1}], got {shown(self.seed)}")

    @cached_property  # pages ask for it many times a run
    def run_id(self) -> str:
        """The address of the run that this experiment gives: 20 hexadecimal digits."""
        written = json.dumps({"format": TRAINING_FORMAT, **self.to_json()}, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()[:20]

    @property
    def recurrent(self) -> RecurrentConfig:
        """The model's settings, for what works on one recurrent network alone.

        Raises:
            ConfigError: the model is another.
        """
        if not isinstance(self.model, RecurrentConfig):
            cells = listed([cell.one for cell in CELL_SPECS.values()], "or")
            raise ConfigError(f"this works on {cells} alone, got the {MODELS[self.model.name].title}")
        return self.model

    @property
    def first_step(self) -> int:
        """The number of steps already done when this run begins: its parent's, or 0."""
        return self.parent.step if self.parent else 0

    @property
    def last_step(self) -> int:
        """The number of steps done when this run ends: ``training.steps`` more than where it began."""
        return self.first_step + self.training.steps

    def check_parent(self, parent: "Experiment") -> None:
        """See that this experiment can go on with the network that ``parent`` trained.

        Cell, sizes, directions and attention must be the same, the task of the same kind, and its text or corpus too; its
        length, the training and the seed may be others.

        Raises:
            ConfigError: it cannot, or asks for a step that the parent does not reach.
        """
        if self.parent is None or self.parent.run != parent.run_id:
            raise ConfigError(f"this experiment does not go on from run {parent.run_id}")
        if not parent.first_step <= self.parent.step <= parent.last_step:
            steps = f"[{parent.first_step}, {parent.last_step}]"
            raise ConfigError(f"step must be in {steps}, the steps of run {parent.run_id}, got {self.parent.step}")
        ours, theirs = self._inherited(), parent._inherited()
        for name, value in theirs.items():
            if value != ours.get(name):
                raise ConfigError(
                    f"a run that goes on from another must keep its {name}: {shown(value)}, got {shown(ours.get(name))}"
                )

    def _inherited(self) -> dict[str, Any]:
        data = {name: getattr(self.task, name, None) for name in ("text", "corpus")}
        if data["corpus"] == OWN:  # which decide the words that the network knows
            data |= {name: getattr(self.task, name, None) for name in ("sentences", "longest", "vocabulary")}
        model = {name.replace("_", " "): getattr(self.model, name) for name in KEPT if hasattr(self.model, name)}
        return {"task": getattr(self.task, "name", None)} | data | model

    def to_json(self) -> dict[str, Any]:
        """Return the experiment as plain names and numbers; :meth:`from_json` reads it back."""
        return {
            "task": self.task.to_json(),
            "model": self.model.to_json(),
            "training": self.training.to_json(),
            "seed": self.seed,
            "parent": self.parent.to_json() if self.parent else None,
        }

    @classmethod
    def from_json(cls, written: object) -> "Experiment":
        """Return the experiment that :meth:`to_json` wrote.

        Raises:
            ConfigError: a part is missing, unknown or not allowed.
            UnknownNameError: there is no task or model of that name.
        """
        parts = _parts(written)
        parent = parts.get("parent")
        return cls(
            task=_named(TASKS, parts["task"], "task"),
            model=_named(MODELS, parts["model"], "model"),
            training=TrainingConfig.from_json(parts["training"]),
            seed=parts["seed"],
            parent=None if parent is None else Parent.from_json(parent),
        )

    def to_query(self) -> dict[str, str]:
        """Return the experiment as a link writes it: ``{"task.name": "adding", "task.length": "50", …}``."""
        query = {"seed": str(self.seed)}
        for part in ("task", "model", "training", "parent"):
            config = getattr(self, part)
            if config is not None:
                query |= {f"{part}.{name}": value for name, value in config.to_query().items()}
        return query

    @classmethod
    def from_query(cls, written: Mapping[str, str]) -> "Experiment":
        """Return the experiment that :meth:`to_query` wrote; what is left out takes its default.

        Raises:
            ConfigError: an unknown name or a value that is not allowed.
            UnknownNameError: there is no task or model of that name.
        """
        parts: dict[str, dict[str, str]] = {"task": {}, "model": {}, "training": {}, "parent": {}}
        for key, value in written.items():
            part, _, name = key.partition(".")
            if part in parts and name:
                parts[part][name] = value
            elif key != "seed":
                raise ConfigError(
                    f"unknown setting {shown(key)} in the link; known: seed, task.…, model.…, training.…, parent.…"
                )
        task = look_up(TASKS, parts["task"].get("name", "adding"), "task").config
        model = look_up(MODELS, parts["model"].get("name", "lstm"), "model").config
        return cls(
            task=task.from_query(parts["task"]),
            model=model.from_query(parts["model"]),
            training=TrainingConfig.from_query(parts["training"]),
            seed=_whole(written.get("seed", "0")),
            parent=Parent.from_query(parts["parent"]) if parts["parent"] else None,
        )


def _parts(written: object) -> dict[str, Any]:
    known = {"task", "model", "training", "seed", "parent"}
    if not isinstance(written, Mapping):
        raise ConfigError(f"an experiment must be a set of named parts, got {shown(written)}")
    wrong = sorted(str(key) for key in set(written) ^ known if key != "parent" or key not in known)
    if wrong:
        raise ConfigError(f"an experiment has the parts {', '.join(sorted(known))}; missing or unknown: {shown(wrong[0])}")
    return dict(written)


def _named(table: Mapping[str, Any], written: object, kind: str) -> Any:
    name = written.get("name") if isinstance(written, Mapping) else written
    return look_up(table, name, kind).config.from_json(written)


def _whole(written: str) -> int:
    try:
        return int(written)
    except ValueError:
        raise ConfigError(f"seed must be a whole number in [0, {2**31 - 1}], got {shown(written)}") from None
