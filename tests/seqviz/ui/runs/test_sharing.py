"""A link carries whole experiments, and refuses with one sentence what is none."""

from dataclasses import replace

import pytest

from seqviz.errors import ConfigError
from seqviz.experiment import (
    MODELS,
    OPTIMIZERS,
    TASKS,
    Experiment,
    Parent,
    RecurrentConfig,
    Seq2SeqConfig,
    TrainingConfig,
    misfit,
)
from seqviz.experiment.task import TranslationConfig
from seqviz.ui.runs.sharing import ancestors_of, read_run, runs_control, write_run

FITTING = {task: [model for model in MODELS if misfit(task, model) is None] for task in TASKS}
EXPERIMENTS = [
    Experiment(
        task=TASKS[task].config(),
        model=MODELS[models[index % len(models)]].config(name=models[index % len(models)]),
        training=TrainingConfig(optimizer=list(OPTIMIZERS)[index % len(OPTIMIZERS)]),
        seed=index,
    )
    for index, (task, models) in enumerate(FITTING.items())
]
ODD = Experiment(
    task=TASKS["adding"].config(length=7),
    model=RecurrentConfig(name="lstm", layers=3, bidirectional=True, initialisation="orthogonal", scale=0.1, forget_bias=-2.5),
    training=TrainingConfig(learning_rate=1e-5, clip="value", threshold=1e9),
    parent=Parent(run="0123456789abcdef0123", step=42),
)


OWN = Experiment(
    task=TranslationConfig(corpus="own", text="pairs-0123456789abcdef", vocabulary=77),
    model=Seq2SeqConfig(attention="none", reverse_source=True, teacher_forcing=0.5),
)


@pytest.mark.parametrize("experiment", [*EXPERIMENTS, ODD, OWN], ids=lambda one: one.run_id)
def test_a_run_is_read_back_as_it_was_written(experiment):
    assert read_run(write_run(experiment)) == experiment


def test_a_written_run_needs_no_escapes_in_an_address():
    assert set(write_run(ODD)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+")


def test_several_runs_are_read_back_in_order():
    rule = runs_control("runs").rule
    assert rule.parse("runs", rule.write(tuple(EXPERIMENTS[:8]))) == tuple(EXPERIMENTS[:8])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("adding", "unknown cell|unknown model"),
        ("nothing~lstm", "unknown task 'nothing'"),
        ("adding~lstm~length-1e308", "length must be a whole number"),
        ("adding~lstm~learning_rate-nan", "learning_rate must be a number"),
        ("adding~lstm~sneaky-1", "unknown setting of a run 'sneaky'"),
        ("adding~lstm~name-gru", "unknown setting of a run 'name'"),
        ("characters~lstm~bidirectional-yes", "takes no bidirectional model"),
        ("adding~lstm~run-../../etc", "run must be of the form"),
        ("<script>alert(1)</script>", "unknown task"),
        ("~" * 500, "unknown task"),
    ],
)
def test_what_is_no_run_is_refused_by_name(written, said):
    with pytest.raises(ConfigError, match=said):
        runs_control("runs").rule.parse("runs", written if written.strip("~") else f"{written}x")


def test_more_runs_than_fit_are_refused():
    one = EXPERIMENTS[0]
    many = tuple(replace(one, seed=seed) for seed in range(3))
    rule = runs_control("runs", most=2).rule
    with pytest.raises(ConfigError, match="runs may name at most 2 runs, got 3"):
        rule.parse("runs", rule.write(many))


def test_ancestors_are_found_in_order_however_they_are_listed():
    root = EXPERIMENTS[0]
    child = replace(root, parent=Parent(run=root.run_id, step=10))
    grandchild = replace(root, parent=Parent(run=child.run_id, step=20))
    assert ancestors_of(grandchild, [root, child]) == (child, root)
    assert ancestors_of(grandchild, [root]) == ()
    assert ancestors_of(root, [root, child]) == ()
