"""A model is trained on the tasks that ask for what it answers, and refused on every other in one sentence."""

import itertools

import pytest

from seqviz.errors import ConfigError, UnknownNameError
from seqviz.experiment import MODELS, TASKS, Experiment, misfit
from seqviz.experiment.feedforward import CONNECTIONS
from seqviz.experiment.fitting import ASKED


def test_every_model_and_every_kind_of_answer_is_in_the_table():
    assert all(spec.answers and spec.answers <= ASKED.keys() for spec in MODELS.values())
    assert {spec.answer for spec in TASKS.values()} == ASKED.keys()


@pytest.mark.parametrize(("task", "model"), [*itertools.product(TASKS, MODELS)])
def test_what_does_not_fit_is_refused_with_its_reason(task, model):
    config = MODELS[model].config(name=model)
    reason = misfit(task, model)
    ends = {
        "translation": {"seq2seq", "transformer"},
        "captions": {"captioner", "transformer_captioner"},
        "spirals": {*CONNECTIONS},
    }
    alone = {*ends, *(one for models in ends.values() for one in models)}
    assert (reason is None) == (model in ends.get(task, ()) or not ({task, model} & alone))
    if reason is None:
        assert Experiment(task=TASKS[task].config(), model=config).model == config
    else:
        assert len(reason) < 200
        with pytest.raises(ConfigError) as caught:
            Experiment(task=TASKS[task].config(), model=config)
        assert str(caught.value) == reason


def test_an_unknown_name_is_refused():
    with pytest.raises(UnknownNameError, match="unknown model 'perceptron'"):
        misfit("adding", "perceptron")
