"""A training script is torch alone, and writes the very numbers that the lab records."""

import re
import runpy
import subprocess
import sys
from dataclasses import dataclass, fields, replace
from itertools import cycle, product
from typing import ClassVar

import numpy as np
import pytest

from seqviz.errors import ConfigError, DivergenceError
from seqviz.experiment import (
    CLIPS,
    INITIALISATIONS,
    OPTIMIZERS,
    TASKS,
    Experiment,
    Parent,
    RecurrentConfig,
    TrainingConfig,
)
from seqviz.experiment.fields import choice
from seqviz.experiment.task import (
    AddingConfig,
    CharactersConfig,
    CopyingConfig,
    LagConfig,
    TaskConfig,
    TemporalOrderConfig,
    WordsConfig,
)
from seqviz.export import metrics_csv, training_script
from seqviz.export.script import task_record
from seqviz.records import Metrics
from seqviz.store.texts import standard_library, standard_library_name
from seqviz.training import Trainer

OWN_TEXT = "Über allen Gipfeln ist Ruh, in allen Wipfeln spürest du kaum einen Hauch.\n" * 3
OWN_NAME = "text-0123456789abcdef"

SMALL_TASKS = {
    "adding": AddingConfig(length=6),
    "copying": CopyingConfig(length=2),
    "temporal_order": TemporalOrderConfig(length=10),
    "lag": LagConfig(length=6, lag=2),
    "characters": CharactersConfig(length=5, text=OWN_NAME),
    "words": WordsConfig(sentences=100, fillers=1),
}
CELLS = {
    "tanh": RecurrentConfig(name="rnn", hidden_size=3),
    "relu": RecurrentConfig(name="rnn", activation="relu", hidden_size=3),
    "sigmoid": RecurrentConfig(name="rnn", activation="sigmoid", hidden_size=3),
    "lstm": RecurrentConfig(name="lstm", hidden_size=3),
    "gru": RecurrentConfig(name="gru", hidden_size=3),
}
SMALL = Experiment(
    task=AddingConfig(length=6), model=CELLS["lstm"], training=TrainingConfig(batch_size=3, steps=4, threshold=0.1), seed=5
)


def lab_metrics(experiment, text=None, start=None):
    trainer = Trainer(experiment, text=text, start=start)
    rows = []
    while not trainer.finished:
        try:
            rows.append(trainer.step())
        except DivergenceError:
            break
    columns = {one.name: np.array([getattr(row, one.name) for row in rows]) for one in fields(Metrics)}
    return metrics_csv(Metrics(**columns)), trainer.checkpoint()


@pytest.fixture
def script_metrics(tmp_path, monkeypatch):
    """Run a script as a person would, but in this process, and return what it wrote."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_text(OWN_TEXT, encoding="utf-8")

    def metrics(script, *arguments):
        (tmp_path / "script.py").write_text(script, encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["script.py", *arguments])
        runpy.run_path("script.py", run_name="__main__")
        return (tmp_path / "metrics.csv").read_text()

    return metrics


def test_every_task_of_recurrent_networks_can_be_written():
    at_steps = {name for name, spec in TASKS.items() if spec.answer in ("last", "every")}
    assert at_steps == SMALL_TASKS.keys()
    for spec in TASKS.values():
        assert {"draw", "judge_loss", "judge_metric", "input_size", "output_size"} <= task_record(spec.config()).parts.keys()


@dataclass(frozen=True, kw_only=True)
class NothingConfig(TaskConfig):
    """A task that nothing builds."""

    kind: ClassVar[str] = "task"
    name: str = choice("nothing", {"nothing": "nothing"}, "task")


def test_a_task_that_the_lab_does_not_build_has_no_script():
    with pytest.raises(ConfigError, match=r"no script can be written: there is no module seqviz\.tasks\.nothing"):
        task_record(NothingConfig())


EACH_ONCE = list(zip(OPTIMIZERS, cycle(CLIPS), strict=False))
THE_OTHERS = [pair for pair in product(OPTIMIZERS, CLIPS) if pair not in EACH_ONCE]


@pytest.mark.parametrize(
    "pairs", [pytest.param(EACH_ONCE, id="each-once"), pytest.param(THE_OTHERS, id="the-others", marks=pytest.mark.sweep)]
)
@pytest.mark.parametrize(("task", "cell"), list(product(SMALL_TASKS, CELLS)))
def test_script_gives_the_labs_metrics_to_the_last_bit(task, cell, pairs, script_metrics):
    for optimizer, clip in pairs:
        training = replace(SMALL.training, optimizer=optimizer, clip=clip)
        experiment = replace(SMALL, task=SMALL_TASKS[task], model=CELLS[cell], training=training)
        expected, _ = lab_metrics(experiment, OWN_TEXT if task == "characters" else None)
        arguments = ("text.txt",) if task == "characters" else ()
        assert script_metrics(training_script(experiment), *arguments) == expected


MODELS_IN_FULL = [
    *(RecurrentConfig(name=cell, hidden_size=4, initialisation=how) for cell in ("rnn", "lstm") for how in INITIALISATIONS),
    RecurrentConfig(name="rnn", activation="relu", hidden_size=4, initialisation="identity", scale=0.5, layers=2),
    RecurrentConfig(name="rnn", activation="sigmoid", hidden_size=4, layers=2, bidirectional=True),
    RecurrentConfig(name="lstm", hidden_size=4, layers=3, bidirectional=True, forget_bias=2.5),
    RecurrentConfig(name="lstm", hidden_size=4, chrono=20),
    RecurrentConfig(name="gru", hidden_size=4, layers=2, bidirectional=True, chrono=7, initialisation="orthogonal", scale=1.5),
]


@pytest.mark.parametrize("model", MODELS_IN_FULL, ids=lambda model: str(model.to_query()))
def test_script_begins_with_the_labs_weights(model, script_metrics):
    experiment = replace(SMALL, model=model)
    assert script_metrics(training_script(experiment)) == lab_metrics(experiment)[0]


def test_script_of_the_lag_task_without_a_dependency(script_metrics):
    experiment = replace(SMALL, task=LagConfig(length=6, lag=2, dependent=False))
    assert script_metrics(training_script(experiment)) == lab_metrics(experiment)[0]


def test_script_warms_up_and_slows_down_on_the_labs_schedule(script_metrics):
    constant = replace(SMALL, training=replace(SMALL.training, steps=3))
    paced = replace(
        SMALL,
        training=replace(SMALL.training, steps=5, schedule="noam", warmup=5),  # at its highest in the middle of this stage
        parent=Parent(run=constant.run_id, step=3),
    )
    expected, _ = lab_metrics(paced, start=lab_metrics(constant)[1])
    assert script_metrics(training_script(paced, (constant,))) == expected
    steady = replace(paced, training=replace(paced.training, schedule="constant"))
    assert expected != lab_metrics(steady, start=lab_metrics(constant)[1])[0]


def test_script_ends_where_the_lab_met_a_number_that_is_not_finite(script_metrics):
    model = RecurrentConfig(name="rnn", activation="relu", hidden_size=6, initialisation="orthogonal", scale=9.0)
    training = TrainingConfig(optimizer="sgd", learning_rate=1e3, clip="off", steps=20)
    experiment = replace(SMALL, model=model, task=AddingConfig(length=30), training=training)
    expected, _ = lab_metrics(experiment)
    assert expected.count("\n") < 20
    assert script_metrics(training_script(experiment)) == expected


@pytest.mark.parametrize(
    ("first", "second"), [("adam", "adam"), ("sgd", "momentum"), ("momentum", "momentum"), ("rmsprop", "adam")]
)
def test_script_of_a_run_that_goes_on_from_others_trains_those_first(first, second, script_metrics):
    root = replace(SMALL, training=TrainingConfig(optimizer=first, batch_size=3, steps=5))
    middle = replace(
        SMALL,
        task=AddingConfig(length=9),
        training=TrainingConfig(optimizer=second, learning_rate=0.02, clip="value", threshold=0.01, batch_size=2, steps=4),
        parent=Parent(run=root.run_id, step=3),
    )
    last = replace(middle, training=TrainingConfig(optimizer=second, clip="off", steps=3), seed=8)
    last = replace(last, parent=Parent(run=middle.run_id, step=7))
    _, start = lab_metrics(replace(root, training=replace(root.training, steps=3)))
    _, start = lab_metrics(middle, start=start)
    expected, _ = lab_metrics(last, start=start)
    assert script_metrics(training_script(last, (middle, root))) == expected
    assert expected.splitlines()[1].startswith("8,")


def test_script_of_a_language_model_that_goes_on_with_longer_sentences(script_metrics):
    short = replace(SMALL, task=WordsConfig(sentences=100, fillers=0))
    long = replace(SMALL, task=WordsConfig(sentences=120, fillers=2), parent=Parent(run=short.run_id, step=4))
    expected, _ = lab_metrics(long, start=lab_metrics(short)[1])
    assert script_metrics(training_script(long, (short,))) == expected


def test_script_needs_every_ancestor():
    child = replace(SMALL, parent=Parent(run=SMALL.run_id, step=3))
    with pytest.raises(ConfigError, match=f"needs the experiment of run {SMALL.run_id}"):
        training_script(child)


def test_script_runs_alone_on_the_standard_library(tmp_path):
    task = CharactersConfig(length=64, text=standard_library_name())
    experiment = Experiment(task=task, model=RecurrentConfig(name="lstm"), training=TrainingConfig(steps=3))
    (tmp_path / "script.py").write_text(training_script(experiment), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", "script.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    expected, _ = lab_metrics(experiment, standard_library())
    assert (tmp_path / "metrics.csv").read_text() == expected


def test_script_says_when_it_is_given_another_text(script_metrics, capsys):
    experiment = replace(SMALL, task=SMALL_TASKS["characters"])
    script_metrics(training_script(experiment), "text.txt")
    assert "not the text that the run learned from" in capsys.readouterr().err


def test_script_needs_torch_alone_and_reads_well():
    for task, cell in product(SMALL_TASKS.values(), CELLS.values()):
        script = training_script(replace(SMALL, task=task, model=cell))
        assert not re.search(r"^\s*(import|from) (seqviz|numpy|jaxtyping)", script, re.MULTILINE)
        assert max(map(len, script.splitlines())) <= 160
        assert not re.search(r"[ \t]$", script, re.MULTILINE)
