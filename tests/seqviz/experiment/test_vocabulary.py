"""A vocabulary writes any text as symbols, and knows what it does not know."""

import numpy as np
import pytest

from seqviz.errors import ConfigError, TextError
from seqviz.experiment.vocabulary import Vocabulary


@pytest.mark.parametrize("text", ["ab", "Grüße\n\t", "日本語", "👩‍👩‍👧 e\u0301", "\x00\x7f"])
def test_known_text_survives(text):
    vocabulary = Vocabulary.of(text)
    symbols = vocabulary.encode(text)
    assert symbols.dtype == np.int64
    assert len(symbols) == len(text)
    assert vocabulary.decode(symbols) == text


def test_unknown_characters_are_the_last_symbol():
    vocabulary = Vocabulary.of("abc")
    assert len(vocabulary) == 4
    assert vocabulary.encode("azc").tolist() == [0, 3, 2]
    assert vocabulary.unknown == 3
    assert vocabulary.decode(np.array([0, 3])) == "a\N{REPLACEMENT CHARACTER}"


def test_only_the_most_frequent_characters_are_kept():
    rare, common = [chr(1000 + i) for i in range(300)], "ab"
    vocabulary = Vocabulary.of("".join(rare) + common * 2)
    assert len(vocabulary.characters) == 256
    assert set(common) <= set(vocabulary.characters)


def test_a_vocabulary_is_the_same_whatever_the_order_of_the_text():
    text = "".join(chr(1000 + i) for i in range(300))
    assert Vocabulary.of(text) == Vocabulary.of(text[::-1])


def test_nothing_is_encoded_as_nothing():
    assert Vocabulary.of("ab").encode("").tolist() == []


def test_an_empty_text_has_no_vocabulary():
    with pytest.raises(TextError, match="empty"):
        Vocabulary.of("")


@pytest.mark.parametrize("characters", ["", "aa", "".join(map(chr, range(257)))])
def test_characters_that_are_no_vocabulary_are_refused(characters):
    with pytest.raises(ConfigError, match="1 to 256 different characters"):
        Vocabulary(characters)
