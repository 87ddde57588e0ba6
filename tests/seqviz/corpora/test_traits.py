"""What a sentence's words say about it is true of the corpus's sentences."""

import pytest

from seqviz.corpora import held_out
from seqviz.corpora.traits import ADVERBS, TRAITS, first_number

PAIRS = held_out("fr-en", 1500, 12)


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("je dors", "singular"),
        ("aujourd'hui nous dormons", "plural"),
        ("est-ce qu' elle dort ?", "singular"),
        ("trois chats noirs dorment", "plural"),
        ("est-ce que maintenant leurs chats dorment ?", "plural"),
        ("dormir", "neither"),
    ],
)
def test_number_is_that_of_the_first_word_that_has_one(sentence, number):
    assert first_number(tuple(sentence.split())) == number


def test_every_sentence_begins_in_one_number_or_the_other():
    begun = [(first_number(pair.source), pair) for pair in PAIRS]
    assert {number for number, _ in begun} == {"singular", "plural"}
    assert {word for pair in PAIRS for word in pair.source} >= ADVERBS


def test_number_agrees_with_the_english_pronoun():
    pronouns = {"i": "singular", "he": "singular", "she": "singular", "we": "plural", "they": "plural"}
    said = [(pronouns[pair.target[0].lower()], pair) for pair in PAIRS if pair.target[0].lower() in pronouns]
    assert len(said) > 200
    assert all(first_number(pair.source) == number for number, pair in said)


def test_what_is_denied_in_french_is_denied_in_english():
    for pair in PAIRS:
        denied = bool({"not", "never", "no"} & set(pair.target))
        assert TRAITS["negated"].of(pair.source) == ("denied" if denied else "not denied"), pair


def test_questions_are_asked_in_both_languages():
    asked = [TRAITS["question"].of(pair.source) == "question" for pair in PAIRS]
    assert asked == [pair.target[-1] == "?" for pair in PAIRS]
    assert any(asked)


def test_length_counts_words():
    assert [TRAITS["length"].of(pair.source) for pair in PAIRS] == [len(pair.source) for pair in PAIRS]
