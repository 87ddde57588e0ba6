"""Weights that somebody brought are kept as they came, with the words of their vocabulary."""

import pytest

from seqviz.errors import StoreError, TextError
from seqviz.store.files import Files
from seqviz.store.own import OwnWeights, vocabulary_of


@pytest.fixture
def own(tmp_path):
    return OwnWeights(Files(str(tmp_path)))


def test_the_same_bytes_have_the_same_name(own):
    name = own.add(b"weights", b'["a", "b"]')
    assert name == own.add(b"weights", b'{"b": 1, "a": 0}')
    assert name != own.add(b"weights")
    assert own.weights(name) == b"weights"
    assert own.words(name) == ["a", "b"]
    assert own.words(own.add(b"weights")) is None
    assert len(own.names()) == 2


@pytest.mark.parametrize("name", ["own-0123456789abcdef", "../own", ""])
def test_weights_that_are_not_here_are_named(own, name):
    with pytest.raises(StoreError, match="this server does not have the weights"):
        own.weights(name)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no json", "must be a JSON list or map"),
        (b"\xff", "must be a JSON list or map"),
        (b"[]", "a list of words, or a map of words and whole numbers, got"),
        (b"[1, 2]", "a list of words"),
        (b'{"a": 0, "b": 2}', "the whole numbers from 0 to 1, each once"),
        (b'{"a": 0, "b": 0}', "the whole numbers from 0 to 1, each once"),
        (b'{"x": "a"}', "the whole numbers from 0 to 0, each once"),
    ],
)
def test_what_is_no_vocabulary_is_said(own, content, words):
    with pytest.raises(TextError, match=words):
        own.add(b"weights", content)


def test_an_empty_file_is_refused(own):
    with pytest.raises(StoreError, match="must not be empty"):
        own.add(b"")


def test_maps_of_either_way():
    assert vocabulary_of(b'{"1": "b", "0": "a"}') == ["a", "b"]
