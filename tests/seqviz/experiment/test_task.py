"""The tables of tasks and models agree with their configs."""

import pytest

from seqviz.experiment import CELLS, MODELS, TASKS
from seqviz.tasks import BUILDERS


def test_every_task_has_a_builder_of_its_name():
    assert TASKS.keys() == BUILDERS.keys()


@pytest.mark.parametrize("name", TASKS)
def test_a_tasks_config_carries_its_name(name):
    config = TASKS[name].config()
    assert config.name == name
    assert TASKS[name].title == config.rules()["name"].options[name]


@pytest.mark.parametrize("name", MODELS)
def test_a_models_config_takes_its_name(name):
    assert MODELS[name].config(name=name).name == name
    assert MODELS[name].title == CELLS.get(name, MODELS[name].config.rules()["name"].options.get(name))
