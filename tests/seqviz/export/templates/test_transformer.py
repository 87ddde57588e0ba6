"""A Transformer's script is torch alone, begins with the lab's weights, and writes the very numbers that the lab records."""

import re
import runpy
from dataclasses import replace
from itertools import product

import pytest
import torch

from seqviz.errors import ConfigError
from seqviz.experiment import Experiment, Parent, TrainingConfig, TransformerConfig
from seqviz.experiment.task import AddingConfig, CaptionsConfig, LagConfig, TranslationConfig
from seqviz.experiment.transformer import CELL_POSITIONS, NORMS, POSITIONS
from seqviz.export import training_script
from seqviz.training import Trainer
from tests.seqviz.export.test_script import OWN_TEXT, SMALL_TASKS, lab_metrics, script_metrics  # noqa: F401  the fixture

SIZES = {"heads": 2, "width": 6, "inner": 5, "learned_positions": 12}
TRAINING = TrainingConfig(batch_size=4, steps=4, threshold=0.1)
READING = Experiment(
    task=LagConfig(length=6, lag=2), model=TransformerConfig(name="causal", **SIZES), training=TRAINING, seed=5
)
WRITING = Experiment(
    task=TranslationConfig(corpus="reversal", sentences=200, longest=6),
    model=TransformerConfig(**SIZES), training=TRAINING, seed=3,
)  # fmt: skip
SEEING = Experiment(
    task=CaptionsConfig(),
    model=TransformerConfig(name="transformer_captioner", **{**SIZES, "width": 8}), training=TRAINING, seed=4,
)  # fmt: skip
KINDS = [{"norm": norm, "positions": positions} for norm, positions in product(NORMS, POSITIONS)]


@pytest.mark.parametrize("experiment", [READING, WRITING], ids=["causal", "transformer"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind.values()))
def test_script_gives_the_labs_metrics_to_the_last_bit(experiment, kind, script_metrics):  # noqa: F811
    experiment = replace(experiment, model=replace(experiment.model, **kind))
    script = training_script(experiment)
    assert script_metrics(script) == lab_metrics(experiment)[0]
    assert not re.search(r"^\s*(import|from) (seqviz|numpy|jaxtyping)|[ \t]$", script, re.MULTILINE)
    assert max(map(len, script.splitlines())) <= 160


@pytest.mark.parametrize(("cells", "positions", "norm"), [*zip(CELL_POSITIONS, POSITIONS, [*NORMS, "pre"], strict=True)])
def test_script_draws_the_labs_scenes_and_gives_its_metrics_to_the_last_bit(cells, positions, norm, script_metrics):  # noqa: F811
    experiment = replace(SEEING, model=replace(SEEING.model, cells=cells, positions=positions, norm=norm))
    script = training_script(experiment)
    assert script_metrics(script) == lab_metrics(experiment)[0]
    assert "It needs torch, and numpy to draw the pictures" in script
    assert not re.search(r"^\s*(import|from) (seqviz|jaxtyping)|[ \t]$", script, re.MULTILINE)
    assert max(map(len, script.splitlines())) <= 160


@pytest.mark.parametrize("task", SMALL_TASKS)
def test_script_of_every_task_that_is_answered_at_steps(task, script_metrics):  # noqa: F811
    experiment = replace(READING, task=SMALL_TASKS[task], model=replace(READING.model, layers=1))
    own = task == "characters"
    expected, _ = lab_metrics(experiment, OWN_TEXT if own else None)
    assert script_metrics(training_script(experiment), *(["text.txt"] if own else [])) == expected


@pytest.mark.parametrize("experiment", [READING, WRITING, SEEING], ids=["causal", "transformer", "captioner"])
def test_script_begins_with_the_labs_weights_by_the_labs_names(experiment, tmp_path):
    experiment = replace(experiment, model=replace(experiment.model, positions="learned", cells="learned"))
    (tmp_path / "script.py").write_text(training_script(experiment), encoding="utf-8")
    trainer = Trainer(experiment)
    build = runpy.run_path(str(tmp_path / "script.py"))["build_network"]
    torch.testing.assert_close(
        dict(build(trainer.task.input_size, trainer.task.output_size).state_dict()), dict(trainer.model.state_dict()),
        rtol=0, atol=0,
    )  # fmt: skip


@pytest.mark.parametrize("experiment", [READING, WRITING, SEEING], ids=["causal", "transformer", "captioner"])
def test_script_of_a_run_that_goes_on_trains_its_parent_first(experiment, script_metrics):  # noqa: F811
    root = replace(experiment, training=replace(TRAINING, schedule="noam", warmup=2))
    child = replace(
        root, training=TrainingConfig(learning_rate=0.02, batch_size=3, steps=3), parent=Parent(run=root.run_id, step=2)
    )
    _, start = lab_metrics(replace(root, training=replace(root.training, steps=2)))
    assert script_metrics(training_script(child, (root,))) == lab_metrics(child, start=start)[0]


def test_script_of_a_run_that_goes_on_with_longer_sequences(script_metrics):  # noqa: F811
    root = replace(READING, task=AddingConfig(length=5))
    child = replace(root, task=AddingConfig(length=9), parent=Parent(run=root.run_id, step=4))
    assert script_metrics(training_script(child, (root,))) == lab_metrics(child, start=lab_metrics(root)[1])[0]


def test_other_sentences_than_the_parents_are_refused():
    child = replace(WRITING, task=replace(WRITING.task, longest=5), parent=Parent(run=WRITING.run_id, step=2))
    with pytest.raises(ConfigError, match="the same sentences and the same network"):
        training_script(child, (WRITING,))
