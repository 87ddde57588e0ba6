"""Errors come back from a worker's process as they were raised there."""

import pickle

import pytest

from seqviz.errors import DivergenceError, JobError, MissingParentError, MissingRunError


@pytest.mark.parametrize(
    "error",
    [
        MissingParentError("0123"),
        MissingRunError("0123", "on this server"),
        DivergenceError(7, "loss", "nan"),
        JobError("its worker died"),
    ],
)
def test_an_error_comes_through_pickle_as_it_was(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_a_missing_parent_is_named_with_what_to_do():
    assert str(MissingParentError("0123")) == (
        "this run goes on from run 0123, which this server does not know; open that one's link first"
    )
