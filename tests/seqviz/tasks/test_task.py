"""Every task gives what it says, the same for the same seed, and its baseline is the loss of the best memoryless answer."""

import pytest
import torch

from seqviz.errors import UnknownNameError
from seqviz.experiment import TASKS
from seqviz.experiment.fields import Config
from seqviz.experiment.task import (
    AddingConfig,
    CaptionsConfig,
    CharactersConfig,
    CopyingConfig,
    LagConfig,
    SpiralsConfig,
    TemporalOrderConfig,
    TranslationConfig,
    WordsConfig,
)
from seqviz.tasks import build_task

TEXT = "".join(chr(97 + (i * i) % 23) for i in range(400)) + "ABCDEFGHIJ" * 5
CONFIGS = {
    "adding": AddingConfig(length=11),
    "copying": CopyingConfig(length=6),
    "temporal_order": TemporalOrderConfig(length=40),
    "lag": LagConfig(length=9, lag=3),
    "characters": CharactersConfig(length=12),
    "words": WordsConfig(sentences=200, fillers=2),
    "translation": TranslationConfig(corpus="reversal", sentences=200, longest=5),
    "captions": CaptionsConfig(),
    "spirals": SpiralsConfig(classes=3),
}
STEPS = {"adding": 11, "copying": 26, "temporal_order": 40, "lag": 9, "characters": 12}


def built(name):
    return build_task(CONFIGS[name], text=TEXT)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("name", STEPS)
def test_batch_has_the_promised_shapes(name):
    task = built(name)
    for batch in (task.batch(5, seeded()), task.held_out(5, seeded())):
        assert batch.inputs.shape == (5, STEPS[name], task.input_size)
        assert batch.inputs.dtype == torch.float32
        every = TASKS[name].answer == "every"
        assert batch.targets.shape == ((5, STEPS[name]) if every else (5, 1) if name == "adding" else (5,))


@pytest.mark.parametrize("name", TASKS)
def test_the_same_seed_gives_the_same_batch_and_another_gives_another(name):
    task = built(name)
    one, same, other = task.batch(4, seeded(3)), task.batch(4, seeded(3)), task.batch(4, seeded(4))
    assert torch.equal(one.inputs, same.inputs)
    assert torch.equal(one.targets, same.targets)
    assert not torch.equal(one.inputs, other.inputs)


@pytest.mark.parametrize("name", TASKS)
def test_drawing_leaves_the_global_random_state_alone(name):
    before = torch.get_rng_state()
    built(name).batch(4, seeded())
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("name", ["copying", "temporal_order", "lag", "characters", "words"])
def test_symbols_are_read_one_hot(name):
    inputs = built(name).batch(6, seeded()).inputs
    assert torch.equal(inputs.sum(2), torch.ones(inputs.shape[:2]))
    assert set(inputs.unique().tolist()) == {0.0, 1.0}


@pytest.mark.parametrize("name", TASKS)
def test_a_perfect_answer_has_metric_one_and_hardly_any_loss(name):
    task = built(name)
    batch = task.batch(20, seeded())
    if name == "adding":
        outputs = batch.targets.clone()
    else:
        outputs = 50 * torch.nn.functional.one_hot(batch.targets.clamp(min=0), task.output_size).float()
    assert task.metric(outputs, batch) == 1
    assert task.loss(outputs, batch) < 1e-6


def memoryless_answer(name, task, batch):
    """The best answer that does not depend on anything read before."""
    if name == "adding":
        return torch.ones_like(batch.targets)
    shape = (*batch.targets.shape, task.output_size)
    if name != "copying":
        return torch.zeros(shape)
    logits = torch.full(shape, -50.0)
    logits[:, :-10, 8] = 50.0  # blanks when due
    logits[:, -10:, :8] = 50.0  # then a guess among eight
    return logits


@pytest.mark.parametrize("name", ["adding", "copying", "temporal_order", "lag", "spirals"])
def test_the_baseline_is_the_loss_of_the_best_memoryless_answer(name):
    task = built(name)
    batch = task.batch(20_000, seeded())
    loss = float(task.loss(memoryless_answer(name, task, batch), batch))
    assert loss == pytest.approx(TASKS[name].baseline(CONFIGS[name]), rel=0.02 if name == "adding" else 1e-5)


def test_an_unknown_task_is_refused():
    with pytest.raises(UnknownNameError, match="unknown task None"):
        build_task(Config())
