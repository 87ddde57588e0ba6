"""A person's sentences are kept as written, a tenth is always held out, frequent words are known."""

from random import Random

import pytest

from seqviz.corpora import dealt_out, is_held_out, own_corpus, own_words, pairs_as_text, pairs_of_text, parallel_pairs
from seqviz.corpora.pair import SentencePair
from seqviz.errors import ConfigError, TextError

PAIRS = [SentencePair((f"w{number}", "x"), (f"v{number}",)) for number in range(400)]


def test_pairs_are_read_back_as_they_were_written_whatever_is_in_them():
    odd = parallel_pairs([("a.tsv", "<b>hi</b> l'ami\u2028ici\t你好 世界!\nΩ\tá\n".encode())])
    assert pairs_of_text(pairs_as_text(odd)) == odd


def test_a_tenth_is_held_out_and_what_is_learned_begins_the_same_however_many():
    learned, held = dealt_out(PAIRS, 1000, 5)
    assert len(learned) + len(held) == len(PAIRS)
    assert 0.05 < len(held) / len(PAIRS) < 0.16
    assert all(is_held_out(pair.source) for pair in held)
    assert not {pair.source for pair in held} & {pair.source for pair in learned}
    assert dealt_out(PAIRS, 7, 5) == (learned[:7], held)


def test_sentences_drawn_by_hash_are_of_the_whole_file_and_begin_the_same_however_many():
    in_order, held_in_order = dealt_out(PAIRS, 1000, 5)
    learned, held = dealt_out(PAIRS, 1000, 5, drawn=True)
    assert set(learned) == set(in_order)
    assert set(held) == set(held_in_order)
    assert dealt_out(PAIRS, 40, 5, drawn=True) == (learned[:40], held)
    assert dealt_out(PAIRS[::-1], 40, 5, drawn=True) == (learned[:40], held)
    places = [PAIRS.index(pair) for pair in learned[:40]]
    assert 100 < sum(places) / len(places) < 300
    assert min(places) < 60
    assert max(places) > 340


def test_a_sentence_too_long_in_either_language_is_left_out():
    long = [SentencePair(("a", "b", "c"), ("x",)), SentencePair(("a",), ("x", "y", "z"))]
    learned, held = dealt_out([*PAIRS, *long], 1000, 2)
    assert len(learned) + len(held) == len(PAIRS)


def test_too_few_sentences_are_refused_with_their_numbers():
    with pytest.raises(TextError, match=r"sentences of at most 1 words .* got 0 and 0"):
        dealt_out(PAIRS, 10, 1)


def test_the_most_frequent_words_are_known():
    learned = [SentencePair(("a", "a", "b", "c"), ("x", "y", "y"))]
    source, target = own_words(learned, 2)
    assert (source.words, target.words) == (("a", "b"), ("y", "x"))


def test_own_sentences_are_read_as_they_were_given_and_never_drawn():
    corpus = own_corpus(("le", "Chat"), ("the", "cat"))
    assert corpus.split("Le chat !") == ("le", "Chat", "!")
    with pytest.raises(ConfigError, match="no others can be drawn"):
        corpus.draw(Random(0), 5)
