"""Stored runs are read once, and what was noted about them is returned, in bounded memory."""

import pytest

from seqviz.experiment import Experiment, RecurrentConfig
from seqviz.experiment.task import AddingConfig
from seqviz.lab.shelf import Shelf
from seqviz.lab.view import empty_view
from seqviz.store import Store


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setattr("seqviz.lab.shelf.NOTES", 3)
    return Shelf(Store(str(tmp_path)))


def view(seed):
    return empty_view((Experiment(task=AddingConfig(), model=RecurrentConfig(), seed=seed),), "interrupted")


def test_a_failure_is_told_until_the_run_is_tried_again(shelf):
    shelf.note_failure(view(0).id, "the worker died")
    told = shelf.marked(view(0))
    assert (told.state, told.message) == ("failed", "the worker died")
    shelf.forget_failure(view(0).id)

    assert shelf.marked(view(0)).state == "interrupted"


def test_only_so_many_failures_are_remembered_the_last_ones(shelf):
    for seed in range(5):
        shelf.note_failure(view(seed).id, "the worker died")

    assert [shelf.marked(view(seed)).state for seed in range(5)] == ["interrupted", "interrupted", "failed", "failed", "failed"]
