"""A prediction is checked against what the runs did."""

import numpy as np
import pytest

from seqviz.lab.view import empty_view
from seqviz.ui.lessons.train.train.lesson import WINDOW, answer, learned_at, written_answer
from tests.seqviz.ui.lessons.train.train.test_charts import run, translator


def test_learned_at_is_where_the_mean_loss_falls_below_the_baseline():
    losses = np.concatenate([np.full(100, 1.0), np.full(100, 0.0)])
    step = learned_at(run("lstm", losses), 1.0)
    assert losses[step - WINDOW : step].mean() < 0.7 <= losses[step - WINDOW - 1 : step - 1].mean()
    assert learned_at(run("lstm", np.full(100, 1.0)), 1.0) is None
    assert learned_at(run("lstm", [0.0]), 1.0) is None


@pytest.mark.parametrize(
    ("guess", "learned", "said"),
    [
        ("gru", {"GRU": 10, "LSTM": 20}, "As you predicted, the GRU was first, at training step 10, then the LSTM at 20."),
        ("rnn", {"RNN": None, "LSTM": None}, "You predicted the RNN. Nobody has learned it yet"),
        ("lstm", {"LSTM lr 0.1": 5}, "As you predicted, the LSTM lr 0.1 was first"),
    ],
)
def test_the_answer_says_who_was_first(guess, learned, said):
    assert answer(guess, learned).startswith(said)


def test_an_empty_run_has_learned_nothing():
    assert learned_at(empty_view([run("gru", []).experiment], "queued"), 1.0) is None


@pytest.mark.parametrize(
    ("guess", "said"),
    [
        ("additive", "As you predicted; exactly right: additive attention 96 % and no attention 50 %."),
        ("dot", "You predicted dot; exactly right: additive attention 96 % and no attention 50 %."),
        ("open", ""),
    ],
)
def test_a_prediction_of_attention_is_held_against_the_exact_shares(guess, said):
    views = [translator("none", [0.0, 0.5]), translator("additive", [0.0, 0.96]), translator("additive", [0.0, 0.2])]
    assert written_answer(guess, views) == said
    assert written_answer(guess, views[1:]) == ""
