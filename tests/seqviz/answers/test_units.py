"""The search for units reads what a run has not learned from, and ranks what the network itself did there."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

TEXT = "def f(a):\n    return 'x' + a  # so\n\n\n" * 120


@pytest.fixture
def run(own_store):
    """A character model of two layers, barely trained, kept in a store of its own."""
    from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
    from seqviz.experiment.task import CharactersConfig
    from seqviz.jobs.training import train_run
    from seqviz.settings import settings
    from seqviz.store import Store

    store = Store(str(own_store))
    experiment = Experiment(
        task=CharactersConfig(length=20, text=store.texts.add(TEXT)),
        model=RecurrentConfig(name="lstm", hidden_size=6, layers=2),
        training=TrainingConfig(steps=2, batch_size=4),
    )
    train_run(experiment, store, settings().store)
    return experiment


@pytest.mark.parametrize(("array", "layer"), [("hidden", 1), ("cell", 0)])
def test_ranking_is_of_what_torchs_own_lstm_does_on_the_held_out_part(run, array, layer):
    from seqviz.answers.units import BEFORE, answer_units
    from seqviz.experiment.vocabulary import Vocabulary
    from seqviz.measures.properties import PROPERTIES, property_values
    from seqviz.measures.units import rank_units
    from seqviz.store import open_store
    from seqviz.subjects.units import UnitSearch
    from seqviz.tasks.characters import split_text

    held_out = split_text(TEXT, 20)[1]
    text = held_out[held_out.index("\n\n\ndef") + 3 :]
    weights = open_store().weights(run.run_id)
    vocabulary = Vocabulary(open_store().vocabulary(run.run_id))
    lstm = torch.nn.LSTM(len(vocabulary), 6, num_layers=layer + 1, batch_first=True)
    lstm.load_state_dict({name: torch.tensor(weights[f"rnn.{name}"]) for name in lstm.state_dict()})
    states, state = [], None
    for one in F.one_hot(torch.from_numpy(vocabulary.encode(text)), len(vocabulary)).float():
        _, state = lstm(one[None, None], state)
        states.append(state[array == "cell"][layer, 0].detach().numpy())
    expected = rank_units(
        np.array(states)[BEFORE:], property_values(text)[:, BEFORE:], [one.yes_or_no for one in PROPERTIES.values()]
    )
    found = answer_units(UnitSearch(run=run.run_id, array=array, layer=layer))
    assert found.positions == len(text) - BEFORE
    np.testing.assert_allclose(found.scores, expected.scores, atol=2e-3)  # float32 rounding swaps a few ranks


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"run": "0" * 20}, "there is no run 00000000000000000000 here"),
        ({"array": "reset"}, "this network has cell, hidden, input, forget, candidate, output; it has no reset"),
        ({"layer": 2}, "this network has 2 layers; there is no layer 2 here"),
        ({"direction": 1}, "this network reads forward only; there is no direction 1 here"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(run, change, said):
    from seqviz.answers.units import answer_units
    from seqviz.errors import SeqvizError
    from seqviz.subjects.units import UnitSearch

    with pytest.raises(SeqvizError) as caught:
        answer_units(UnitSearch(**{"run": run.run_id, "array": "hidden", **change}))
    assert str(caught.value) == said


def test_a_network_of_another_task_has_no_text_to_follow(own_store):
    from seqviz.answers.units import answer_units
    from seqviz.errors import ConfigError
    from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
    from seqviz.experiment.task import AddingConfig
    from seqviz.jobs.training import train_run
    from seqviz.settings import settings
    from seqviz.store import Store
    from seqviz.subjects.units import UnitSearch

    experiment = Experiment(
        task=AddingConfig(length=4), model=RecurrentConfig(hidden_size=2), training=TrainingConfig(steps=1, batch_size=2)
    )
    train_run(experiment, Store(str(own_store)), settings().store)
    with pytest.raises(ConfigError, match="units are searched in character models only"):
        answer_units(UnitSearch(run=experiment.run_id))


def test_the_arrays_of_a_cell_are_its_states_and_gates():
    from seqviz.subjects.units import ARRAYS, arrays_of

    assert list(arrays_of("rnn")) == ["hidden"]
    assert list(arrays_of("gru")) == ["hidden", "candidate", "reset", "update"]
    assert {*arrays_of("lstm"), *arrays_of("gru")} == set(ARRAYS)
