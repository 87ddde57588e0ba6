"""BLEU is n-gram precision with a brevity penalty, as counted by hand, on words as they are."""

import math
from collections import Counter

import pytest

from seqviz.corpora.bleu import bleu
from seqviz.errors import TraceError

WANTED = [("the", "black", "cat", "sleeps", "in", "the", "house", "."), ("they", "don't", "see", "the", "small", "dog")]
WRITTEN = [("the", "cat", "sleeps", "in", "the", "house", "."), ("they", "don't", "see", "the", "dog", "now")]


def counted(sentences, n):
    return [Counter(tuple(words[at : at + n]) for at in range(len(words) - n + 1)) for words in sentences]


def by_hand(written, wanted):
    precisions = []
    for n in range(1, 5):
        both = list(zip(counted(written, n), counted(wanted, n), strict=True))
        precisions.append(sum((here & there).total() for here, there in both) / sum(here.total() for here, _ in both))
    lengths = [sum(map(len, sentences)) for sentences in (written, wanted)]
    brevity = min(1, math.exp(1 - lengths[1] / lengths[0]))
    return 100 * brevity * math.prod(precisions) ** 0.25


def test_bleu_is_the_geometric_mean_of_four_precisions_times_the_brevity_penalty():
    assert bleu(WRITTEN, WANTED) == pytest.approx(by_hand(WRITTEN, WANTED))


def test_the_right_translation_has_100_and_one_without_a_word_in_common_has_0():
    assert bleu(WANTED, WANTED) == pytest.approx(100)
    assert bleu([("chat",) * 8, ("chien",) * 6], WANTED) == 0


def test_without_a_right_translation_of_four_words_there_is_no_bleu_and_with_one_there_is():
    short = [("good", "day"), ("i", "am", "here")]
    assert math.isnan(bleu(short, short))
    assert bleu([*short, WANTED[0]], [*short, WANTED[0]]) == pytest.approx(100)
    assert bleu(short, [*short[:1], WANTED[0]]) == 0


def test_it_is_of_the_corpus_and_not_a_mean_over_sentences():
    whole = bleu(WRITTEN, WANTED)
    alone = [bleu([here], [there]) for here, there in zip(WRITTEN, WANTED, strict=True)]
    assert whole != pytest.approx(sum(alone) / 2, rel=1e-3)


@pytest.mark.parametrize("written", [[], WRITTEN[:1]])
def test_a_sentence_without_its_translation_is_refused(written):
    with pytest.raises(TraceError, match="a right translation for each sentence"):
        bleu(written, WANTED)
