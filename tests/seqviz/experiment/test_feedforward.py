"""Feed-forward networks and spirals belong together, and to nothing else."""

import pytest

from seqviz.errors import ConfigError
from seqviz.experiment import Experiment, FeedforwardConfig, Parent, RecurrentConfig
from seqviz.experiment.task import AddingConfig, SpiralsConfig
from seqviz.experiment.title import title_of

SPIRALS = Experiment(task=SpiralsConfig(), model=FeedforwardConfig(name="highway"))


def test_it_survives_its_json_and_its_link():
    assert Experiment.from_json(SPIRALS.to_json()) == SPIRALS
    assert Experiment.from_query(SPIRALS.to_query()) == SPIRALS


def test_its_run_id_never_changes_since_links_and_stored_runs_depend_on_it():
    assert SPIRALS.run_id == "c6165b1389f6bb1791b0"


def test_its_title_says_depth_and_width():
    assert title_of(SPIRALS) == "highway network 20 × 16 on the spirals, seed 0"


@pytest.mark.parametrize(
    ("task", "model", "said"),
    [
        (AddingConfig(), FeedforwardConfig(), "the plain network does not fit: the adding problem asks for one answer"),
        (SpiralsConfig(), RecurrentConfig(), "the LSTM does not fit: the spirals show single points, which are no sequence"),
    ],
)
def test_what_does_not_fit_is_refused(task, model, said):
    with pytest.raises(ConfigError, match=said):
        Experiment(task=task, model=model)


def test_a_child_keeps_depth_and_normalisation():
    for change in ({"depth": 3}, {"normalisation": "batch"}, {"hidden_size": 3}):
        child = Experiment(
            task=SPIRALS.task, model=FeedforwardConfig(name="highway", **change), parent=Parent(run=SPIRALS.run_id, step=1)
        )
        with pytest.raises(ConfigError, match="must keep its"):
            child.check_parent(SPIRALS)


@pytest.mark.parametrize(("name", "value"), [("depth", 0), ("depth", 101), ("hidden_size", 0), ("activation", "swish")])
def test_a_value_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(ConfigError, match=f"^{name} must be "):
        FeedforwardConfig(**{name: value})
