"""What needs no learning costs what counting says: the mean of a sum's squared error, and one answer of four."""

import numpy as np
import pytest

from seqviz.errors import UnknownNameError
from seqviz.experiment.baseline import baseline_loss, guessed_share


def test_always_answering_1_costs_the_variance_of_a_sum_of_two_uniform_numbers():
    pairs = np.add.outer(*[np.linspace(0, 1, 1001)] * 2)
    assert baseline_loss("adding") == pytest.approx(((pairs - 1) ** 2).mean(), rel=5e-3)


@pytest.mark.parametrize("task", ["temporal_order", "lag"])
def test_guessing_gets_one_of_four_right(task):
    assert guessed_share(task) == pytest.approx(1 / 4)


def test_a_task_without_such_a_loss_is_told():
    with pytest.raises(UnknownNameError, match="no loss without memory is known of the task 'words'"):
        baseline_loss("words")
