"""A vocabulary of words writes any sentence as symbols, and knows what it does not know."""

import numpy as np
import pytest

from seqviz.corpora import WordVocabulary
from seqviz.corpora.vocabulary import EOS, PAD, SOS, UNK
from seqviz.errors import ConfigError, TextError


def test_known_words_survive_after_four_special_symbols():
    vocabulary = WordVocabulary(("le", "chat"))
    symbols = vocabulary.encode(("chat", "le"))
    assert symbols.dtype == np.int64
    assert symbols.tolist() == [5, 4]
    assert vocabulary.decode(symbols) == ("chat", "le")
    assert (PAD, SOS, EOS, UNK) == (0, 1, 2, 3)
    assert len(vocabulary) == 6


def test_unknown_words_are_one_symbol():
    vocabulary = WordVocabulary(("le",))
    assert vocabulary.encode(("chat", "le", "<b>")).tolist() == [3, 4, 3]
    assert vocabulary.decode(np.array([3])) == ("<unk>",)


@pytest.mark.parametrize("special", ["<pad>", "<sos>", "<eos>", "<unk>"])
def test_nobody_can_type_a_special_symbol(special):
    vocabulary = WordVocabulary(("le",))
    assert vocabulary.encode([special]).tolist() == [UNK]
    assert special not in vocabulary


def test_the_most_frequent_words_come_first_and_ties_do_not_depend_on_the_order():
    sentences = [("a", "b", "c"), ("c", "b"), ("c",)]
    assert WordVocabulary.of(sentences).words == ("c", "b", "a")
    assert WordVocabulary.of(sentences, largest=2).words == ("c", "b")
    assert WordVocabulary.of([("b", "a")]) == WordVocabulary.of([("a", "b")])


def test_nothing_is_encoded_as_nothing():
    assert WordVocabulary(("le",)).encode(()).tolist() == []


def test_sentences_without_words_have_no_vocabulary():
    with pytest.raises(TextError, match="no word"):
        WordVocabulary.of([(), ()])


@pytest.mark.parametrize("words", [(), ("a", "a"), ("<eos>",)])
def test_words_that_are_no_vocabulary_are_refused(words):
    with pytest.raises(ConfigError, match="different words"):
        WordVocabulary(words)
