"""What the page "Train" can be set to, and the experiments that its settings ask for."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.errors import ConfigError
from seqviz.experiment import (
    CELLS,
    TASKS,
    Experiment,
    ModelConfig,
    RecurrentConfig,
    TrainingConfig,
    TransformerConfig,
)
from seqviz.experiment.feedforward import CONNECTIONS
from seqviz.experiment.task import CORPUS_TITLES, OWN, TaskConfig
from seqviz.ui.lessons.train.train.families import POINTING, RECURRENT, SEEING, TRANSFORMER_PREFIX, WRITING, Family, family_of
from seqviz.ui.runs.moment import moment_control
from seqviz.ui.runs.sharing import runs_control
from seqviz.ui.shell.links import Control, choice_control, controls_of, integer_control, several_control
from seqviz.ui.shell.page import Page

NAME = "train"
TYPED = ("length", "lag", "hidden_size", "layers", "longest", "embedding_size", "width", "inner")

# Small enough that an LSTM learns it in seconds on one core, long enough that a tanh RNN does not.
FIRST = {"length": 30, "hidden_size": 32, "steps": 800, "fillers": 1}
# With these, additive attention and the Transformer write 97 in 100 held-out French sentences without a mistake after a minute
# on one core; at a constant rate the Transformer stays below 95.
FIRST_WRITING = {"learning_rate": 0.003, "schedule": "noam", "warmup": 150, "batch_size": 64, "steps": 1000}
FIRST_SENTENCES = {"sentences": 10_000, "longest": 10}
# With these, a captioner writes some true captions after two minutes on one core.
FIRST_SEEING = {"learning_rate": 0.003, "batch_size": 24, "steps": 600}

LONGEST: Mapping[str, int] = {
    **dict.fromkeys((*CORPUS_TITLES, OWN), FIRST_SENTENCES["longest"]),
    "dates": 25,
}  # of dates, characters

ATTENDING: Mapping[str, str] = {"none": "none", "dot": "dot", "general": "general", "additive": "additive", "scaled": "scaled"}
READING: Mapping[str, str] = {**CELLS, "causal": "Transformer"}
TRANSLATING: Mapping[str, str] = {**ATTENDING, "transformer": "Transformer"}
WRITING_OF_PICTURES: Mapping[str, str] = {**CELLS, "transformer_captioner": "Transformer"}
PREDICTIONS: Mapping[str, str] = {"open": "no guess", **READING}
WRITING_PREDICTIONS: Mapping[str, str] = {"open": "no guess", **TRANSLATING}


def _task_controls() -> dict[str, Control]:
    found: dict[str, Control] = {}
    for task, spec in TASKS.items():
        own_text = ("text",) if task == "characters" else ()  # its name in links is older than the other tasks
        names = tuple(name for name in spec.config.rules() if name not in ("name", *own_text))
        defaults = {
            "adding": {"length": FIRST["length"]}, "translation": FIRST_SENTENCES, "words": {"fillers": FIRST["fillers"]},
        }.get(task, {})  # fmt: skip
        found |= controls_of(spec.config, only=names, defaults=defaults, prefix=f"{task}.")
    return found


def _family_controls() -> dict[str, Control]:
    """Return the controls of the families with settings of their own."""
    kinds = {kind: kind for kind in CONNECTIONS}
    steps = {"teacher_forcing": 0.05}
    found = {
        "attentions": several_control("attention, trained side by side", TRANSLATING, ("none", "additive")),
        "kinds": several_control("connections, trained side by side", kinds, ("plain", "residual")),
        "decoders": several_control("decoder that writes, trained side by side", WRITING_OF_PICTURES, ("lstm",)),
    }
    for family, defaults in ((WRITING, FIRST_WRITING), (POINTING, {}), (SEEING, FIRST_SEEING)):
        names = tuple(name for name in family.config.rules() if name not in ("name", family.varied))
        found |= controls_of(family.config, only=names, prefix=family.prefix, steps=steps)
        if family.trained:
            found |= controls_of(TrainingConfig, defaults=defaults, prefix=family.trained)
    names = tuple(name for name in TransformerConfig.rules() if name != "name")
    return found | controls_of(TransformerConfig, only=names, prefix=TRANSFORMER_PREFIX)


ALL: dict[str, Control] = {
    "task": choice_control("task", {name: spec.title for name, spec in TASKS.items()}, "adding"),
    **_task_controls(),
    "text": controls_of(TASKS["characters"].config, only=("text",))["text"],
    "cells": several_control("networks, trained side by side", READING, ("rnn", "lstm", "gru")),
    **controls_of(
        RecurrentConfig, only=tuple(name for name in RecurrentConfig.rules() if name != "name"),
        defaults={"hidden_size": FIRST["hidden_size"]},
    ),
    **controls_of(TrainingConfig, defaults={"steps": FIRST["steps"]}),
    **_family_controls(),
    "seed": integer_control("seed", 0, 2**31 - 1, 0, note="draws the initial weights and, step by step, the data"),
    "prediction": choice_control("Which network will learn it first?", PREDICTIONS, "open"),
    "attention_prediction": choice_control(
        "Which attention will get the most held-out sentences exactly right?", WRITING_PREDICTIONS, "open"
    ),
    "runs": runs_control("runs shown"),
    "ancestors": runs_control("the runs that these go on from", most=50),
    "at": moment_control(10_000_000),
    "direction": choice_control(
        "direction shown", {"forward": "forward", "backward": "backward"}, "forward",
        note="of a bidirectional network: the half that reads from the first time step on, or from the last one back",
    ),
    "layer": choice_control("layer shown", {"top": "top", **{str(number): str(number) for number in range(1, 5)}}, "top"),
}  # fmt: skip


def named(page: Page, name: str) -> str:
    """Return the name of the control that holds a setting of the network or of its training, for the page's task."""
    return family_of(page["task"]).named(name)


def asked_for(page: Page, text: str) -> list[Experiment]:
    """Return the experiments that the page's settings ask for, one for each network.

    Args:
        page: its settings.
        text: the exact name of the text, for a character model.

    Raises:
        ConfigError: the settings do not go together.
    """
    return [
        Experiment(task=task_of(page, text), model=model, training=training_of(page), seed=page["seed"])
        for model in models_of(page)
    ]


def task_of(page: Page, text: str) -> TaskConfig:
    """Return the task that the page is set to; ``text`` is the exact name of the text it would learn from."""
    spec = TASKS[page["task"]]
    fixed = {"text": text} if page["task"] == "characters" else {}
    return spec.config(
        **{name: page[f"{page['task']}.{name}"] for name in spec.config.rules() if name not in ("name", *fixed)}, **fixed
    )


def models_of(page: Page) -> list[ModelConfig]:
    """Return the networks that the page is set to.

    Raises:
        ConfigError: none is chosen.
    """
    family = family_of(page["task"])
    if not page[family.choice]:
        raise ConfigError(family.missing)
    return [_chosen(page, family, each) for each in page[family.choice]]


def _chosen(page: Page, family: Family, chosen: str) -> ModelConfig:
    config: ModelConfig
    if chosen == family.transformer:
        config = page.config(TransformerConfig, TRANSFORMER_PREFIX, name=chosen)
    elif family is RECURRENT:
        config = model_of(page, chosen)
    else:
        config = page.config(family.config, family.prefix, **{family.varied: chosen})
    return config


def model_of(page: Page, cell: str) -> RecurrentConfig:
    """Return the network that the page is set to, with ``cell``; where a task is not bidirectional, it is not."""
    config: RecurrentConfig = page.config(RecurrentConfig, name=cell, bidirectional=both_ways(page))
    return config


def both_ways(page: Page) -> bool:
    """Return whether the networks read the sequence both ways."""
    return bool(page["bidirectional"]) and TASKS[page["task"]].bidirectional is None


def training_of(page: Page) -> TrainingConfig:
    """Return how the page is set to train."""
    config: TrainingConfig = page.config(TrainingConfig, family_of(page["task"]).trained)
    return config


CONTROLS: dict[str, Control] = {name: replace(control, typed=name.rpartition(".")[2] in TYPED) for name, control in ALL.items()}
