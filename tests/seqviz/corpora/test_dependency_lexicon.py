"""Every word of the sentences has one class, with others that can stand in its place."""

import pytest

from seqviz.corpora import WordVocabulary, tokenise
from seqviz.corpora.dependency_lexicon import CLASSES, DEPENDENCY_WORDS, NAMES, NOUNS, RARE, others_of_class


def test_no_word_stands_in_two_classes():
    assert len(WordVocabulary(DEPENDENCY_WORDS)) == len(DEPENDENCY_WORDS) + 4  # which a word twice would refuse


@pytest.mark.parametrize("title", CLASSES)
def test_every_word_of_a_class_has_others_of_it(title):
    for word in CLASSES[title]:
        others = others_of_class(word)
        assert others
        assert {word, *others} == set(CLASSES[title])


def test_an_unknown_word_is_replaced_by_names_and_things():
    assert others_of_class("我") == NAMES + NOUNS
    assert not set(RARE) & set(DEPENDENCY_WORDS)


def test_a_typed_sentence_is_cut_into_the_same_words():
    assert tokenise(" ".join(DEPENDENCY_WORDS)) == DEPENDENCY_WORDS
