"""What is said of the networks for the past's influence holds of those that come with the app."""

from pathlib import Path

import numpy as np
import pytest

from seqviz.cards import read_cards
from seqviz.experiment import CELLS
from seqviz.recipes.influence import DATA, influence_recipes
from seqviz.subjects.influence import DEPENDENCIES, DistantWords

SHIPPED = Path(__file__).parents[3] / "pretrained"
CARDS = read_cards(SHIPPED)


def size(name):
    return sum(file.stat().st_size for file in (SHIPPED / "runs" / CARDS[name].run).rglob("*"))


@pytest.fixture(scope="module")
def found():
    """How many of 60 sentences with 0, 1, … 9 fillers are found by each language model, by kind."""
    from seqviz.answers.influence import answer_influence_dependencies

    def right(cell, kind):
        return answer_influence_dependencies(DistantWords(run=CARDS[f"words-{cell}"].run, dependency=kind, fillers=9)).right

    return {cell: {kind: right(cell, kind) for kind in DEPENDENCIES} for cell in CELLS}


def test_they_are_small():
    assert sum(size(f"words-{cell}") for cell in CELLS) <= 600_000
    assert sum(map(size, influence_recipes())) <= 1_000_000


def test_runs_of_the_lag_task_differ_in_the_dependency_alone():
    for cell in CELLS:
        made = [influence_recipes()[f"{data}-{cell}"].experiment.to_json() for data in DATA]
        assert [one["task"].pop("dependent") for one in made] == [True, False]
        assert made[0] == made[1]


@pytest.mark.parametrize("cell", CELLS)
def test_what_can_be_learned_is_and_noise_is_not(cell):
    assert CARDS[f"lag-{cell}"].metric > 0.95
    assert abs(CARDS[f"noise-{cell}"].metric - 0.25) < 0.03


LEARNED = slice(0, 6)  # fillers of the sentences that they learned from


def test_finding_of_the_rnn_numbers_are_kept_things_and_countries_lost_with_distance(found):
    assert found["rnn"]["subject"].min() >= 55
    for kind in ("return", "country"):
        assert found["rnn"][kind][0] >= 25 > 10 >= found["rnn"][kind][9]
        assert (np.diff(found["rnn"][kind]) < 6).all()  # chance aside, it falls


def test_finding_of_the_lstm_all_kept_as_far_as_learned_and_lost_beyond(found):
    assert all(found["lstm"][kind][LEARNED].min() >= 55 for kind in ("return", "country", "subject"))
    assert found["lstm"]["return"][9] <= 40
    assert found["lstm"]["country"][9] <= 10


def test_finding_of_the_gru_all_kept_far_beyond_the_longest_sentence_learned_from(found):
    assert all(found["gru"][kind].min() >= 55 for kind in ("return", "country", "subject"))
