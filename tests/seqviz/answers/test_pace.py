"""A few training steps are timed where training would happen, and nothing of them stays."""

import json

import pytest

from seqviz.answers import pace
from seqviz.answers.pace import answer_pace
from seqviz.errors import ConfigError, LimitError
from seqviz.experiment import Experiment, Seq2SeqConfig, TrainingConfig
from seqviz.experiment.task import TranslationConfig
from seqviz.store import open_store
from seqviz.subjects.pace import TimedSteps


def written(steps, **model):
    return json.dumps(
        Experiment(
            task=TranslationConfig(corpus="reversal", sentences=100, longest=4),
            model=Seq2SeqConfig(**{"hidden_size": 4, "embedding_size": 4, **model}),
            training=TrainingConfig(batch_size=2, steps=steps),
        ).to_json()
    )


@pytest.fixture
def ticking(monkeypatch, own_store):
    """A clock that advances one second each time it is read."""
    seconds = iter(range(1000))
    monkeypatch.setattr(pace.time, "perf_counter", lambda: float(next(seconds)))


def test_the_first_step_is_not_counted_and_timing_ends_in_time(ticking):
    found = answer_pace(TimedSteps(experiment=written(50), steps=20))
    assert (found.steps, found.seconds_a_step, found.seconds_to_begin) == (5, 1.0, 1.0)  # ENOUGH_SECONDS are over
    assert open_store().run_ids() == []


def test_no_more_steps_are_timed_than_the_run_has(ticking):
    assert answer_pace(TimedSteps(experiment=written(3), steps=20)).steps == 2
    assert answer_pace(TimedSteps(experiment=written(1), steps=20)).steps == 1


def test_what_would_not_be_trained_is_not_timed_either(own_store):
    with pytest.raises(LimitError, match="embedding_size may be at most 512"):
        answer_pace(TimedSteps(experiment=written(3, embedding_size=600)))
    with pytest.raises(ConfigError, match="written as JSON"):
        answer_pace(TimedSteps(experiment="steps=3"))
