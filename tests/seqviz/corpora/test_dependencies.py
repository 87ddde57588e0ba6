"""Sentences are what they say: the deciding word decides, the distance is as chosen, held-out pairs are never learned."""

from random import Random

import pytest

from seqviz.corpora import held_out_dependencies, held_out_dependency, learned_dependencies
from seqviz.corpora.dependencies import KINDS, draw_dependency
from seqviz.corpora.dependency_lexicon import DEPENDENCY_WORDS, LANGUAGES, NUMBERED, RARE, SEVERAL
from seqviz.errors import UnknownNameError

LEARNED = learned_dependencies(3000, 5)


def decided(one):
    """What the target must be, worked out from the cue alone."""
    cue = one.words[one.cue]
    return {"return": cue, "country": LANGUAGES.get(cue), "subject": NUMBERED[cue in SEVERAL]}[one.kind]


@pytest.mark.parametrize("kind", KINDS)
def test_the_cue_decides_the_target_which_is_one_of_the_alternatives(kind):
    for one in (each for each in LEARNED if each.kind == kind):
        assert one.words[one.target] == decided(one)
        assert one.words[one.target] in one.alternatives


@pytest.mark.parametrize(("kind", "long"), [("return", 5), ("country", 5), ("subject", 3)])
def test_each_filler_makes_the_distance_as_much_longer(kind, long):
    drawn = [held_out_dependency(kind, fillers, 4) for fillers in range(6)]
    assert [one.distance - drawn[0].distance for one in drawn] == [long * fillers for fillers in range(6)]
    assert len({(one.words[: one.cue + 1], one.words[one.target :]) for one in drawn}) == 1  # the same sentence, made longer
    assert drawn[5].words[: drawn[3].cue + 1 + 3 * long] == drawn[3].words[: drawn[3].cue + 1 + 3 * long]


def pair(one):
    return one.kind, one.words[one.cue], one.words[1 if one.kind == "subject" else 0]


def test_held_out_pairs_are_never_learned_but_each_of_their_words_is():
    held = held_out_dependencies(500, 5)
    known = {pair(one) for one in LEARNED}
    assert not known & {pair(one) for one in held}
    words = {word for one in LEARNED for word in one.words}
    assert {word for one in held for word in one.words} <= words
    assert {one.words[one.cue] for one in held} <= {one.words[one.cue] for one in LEARNED}


def test_all_words_are_learned_and_nothing_but_rare_ones_besides():
    words = {word for one in LEARNED for word in one.words}
    assert words == {*DEPENDENCY_WORDS, *RARE}


def test_the_same_sentences_come_at_every_call():
    assert learned_dependencies(50, 3) == learned_dependencies(50, 3)
    assert {one.fillers for one in LEARNED} == set(range(6))
    assert {one.kind for one in LEARNED} == set(KINDS)


def test_an_unknown_kind_is_refused():
    with pytest.raises(UnknownNameError, match="unknown kind of dependency 'rhyme'"):
        draw_dependency(Random(0), "rhyme", 1, held=False)
