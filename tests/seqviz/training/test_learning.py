"""Networks learn what can be learned, and nothing where there is nothing to learn."""

import pytest

from seqviz.experiment import TASKS, Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig, CharactersConfig, CopyingConfig, LagConfig, TemporalOrderConfig
from seqviz.training import Trainer

pytestmark = pytest.mark.slow


def evaluated(task, steps, text=None):
    config = RecurrentConfig(name="gru", hidden_size=24)
    training = TrainingConfig(steps=steps, learning_rate=0.03 if task.name == "copying" else 0.01)
    trainer = Trainer(Experiment(task=task, model=config, training=training), text=text)
    while not trainer.finished:
        trainer.step()
    return trainer.evaluate()


@pytest.mark.parametrize(
    ("task", "steps", "share"),
    [
        (AddingConfig(length=10), 350, 0.5),
        (CopyingConfig(length=1), 300, 0.95),
        (TemporalOrderConfig(length=10), 150, 0.5),
        (LagConfig(length=10, lag=2), 150, 0.5),
    ],
)
def test_a_gru_beats_the_baseline_of_every_generated_task_at_its_smallest(task, steps, share):
    result = evaluated(task, steps)
    assert result.loss < share * TASKS[task.name].baseline(task)
    assert result.sequences >= 1000


def test_nothing_is_learned_where_there_is_no_dependency():
    task = LagConfig(length=10, lag=2, dependent=False)
    assert evaluated(task, 150).loss == pytest.approx(TASKS["lag"].baseline(task), rel=0.02)


def test_a_text_is_learned_and_judged_on_its_held_out_end():
    result = evaluated(CharactersConfig(length=20), 150, text="the cat sat on the mat. " * 60)
    assert result.metric > 0.9
