"""Sentences are dealt the same everywhere, no held-out one is learned from, and all words of a held-out one are known."""

import hashlib
import subprocess
import sys
from random import Random

import pytest

from seqviz.corpora import CORPORA, held_out, is_held_out, learned
from seqviz.errors import ConfigError, UnknownNameError

LONGEST = {"dates": 25}
# Of the first 300 sentences to learn from: a change of these changes what every translating run was.
DIGESTS = {
    "fr-en": "610069bbb357d747",
    "en-de": "3739b9b358faa4b1",
    "dates": "e530d9c8964b2aa0",
    "reversal": "8d964427f7a0c694",
    "copying": "b454a23723a423bc",
    "sorting": "399a5de77d9b4321",
}  # fmt: skip


def dealt(slug, count=3000):
    longest = LONGEST.get(slug, 12)
    return learned(slug, count, longest), held_out(slug, 500, longest)


def digest(slug):
    return hashlib.sha256(
        "".join(f"{pair.source}{pair.target}{sorted(pair.links)}" for pair in learned(slug, 300, 12)).encode()
    ).hexdigest()[:16]


@pytest.mark.parametrize("slug", CORPORA)
def test_held_out_sentences_are_never_learned_from_and_have_no_new_words(slug):
    learn, held = dealt(slug)
    assert not {pair.source for pair in learn} & {pair.source for pair in held}
    for side in ("source", "target"):
        known = {word for pair in learn for word in getattr(pair, side)}
        assert {word for pair in held for word in getattr(pair, side)} <= known


@pytest.mark.parametrize("slug", CORPORA)
def test_sentences_differ_and_are_short_enough(slug):
    for pairs in dealt(slug):
        assert len({pair.source for pair in pairs}) == len(pairs)
        assert max(len(pair.source) for pair in pairs) <= LONGEST.get(slug, 12)


@pytest.mark.parametrize("slug", CORPORA)
def test_every_word_of_a_corpus_is_drawn_and_no_other(slug):
    learn = learned(slug, 20_000, LONGEST.get(slug, 12))
    assert {word for pair in learn for word in pair.source} == set(CORPORA[slug].source_words)
    assert {word for pair in learn for word in pair.target} == set(CORPORA[slug].target_words)


@pytest.mark.parametrize("slug", CORPORA)
def test_links_stay_within_the_sentences(slug):
    for pairs in dealt(slug):
        assert all(0 <= i < len(pair.source) and 0 <= j < len(pair.target) for pair in pairs for i, j in pair.links)


@pytest.mark.parametrize("slug", CORPORA)
def test_a_sentence_has_one_translation_and_one_alignment_however_often_it_is_drawn(slug):
    generator, drawn, again = Random(0), {}, 0
    for _ in range(20_000):
        pair = CORPORA[slug].draw(generator, LONGEST.get(slug, 7))
        again += pair.source in drawn
        assert drawn.setdefault(pair.source, pair) == pair
    assert again > 100


@pytest.mark.parametrize("slug", CORPORA)
def test_sentences_are_of_every_length(slug):
    lengths = {len(pair.source) for pair in learned(slug, 5000, 20)}
    assert lengths == set(range(CORPORA[slug].shortest, 21))


def test_about_a_tenth_is_held_out():
    share = sum(is_held_out((str(number),)) for number in range(10_000)) / 10_000
    assert 0.09 < share < 0.11


def test_fewer_sentences_are_the_beginning_of_more():
    assert learned("fr-en", 50, 12) == learned("fr-en", 80, 12)[:50]


@pytest.mark.parametrize("slug", CORPORA)
def test_sentences_are_the_same_on_every_machine(slug):
    assert digest(slug) == DIGESTS[slug]


def test_sentences_do_not_depend_on_the_process():
    code = "import seqviz.corpora as c; print(c.learned('en-de', 20, 12) + c.held_out('en-de', 20, 12))"
    said = {
        subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_unknown_corpora_and_impossible_lengths_are_refused():
    with pytest.raises(UnknownNameError, match="unknown corpus 'fr-xx'; known: fr-en"):
        learned("fr-xx", 1, 12)
    with pytest.raises(ConfigError, match="longest must be at least 8"):
        learned("dates", 1, 7)


def test_a_corpus_that_runs_dry_says_how_much_it_has():
    with pytest.raises(ConfigError, match=r"only \d+ sentences to learn from of up to 2 words, 1,000 were asked for"):
        learned("reversal", 1000, 2)
    with pytest.raises(ConfigError, match="held-out"):
        held_out("reversal", 1000, 2)
