"""A caption says exactly what its description holds, and nothing else is a caption."""

from itertools import product
from random import Random

import pytest

from seqviz.errors import ConfigError, TextError
from seqviz.scenes import CAPTION_WORDS, COLOURS, COUNTS, LONGEST, OPPOSITES, SHAPES, SIZES, Description, Group, deal, described
from seqviz.scenes.grammar import kind_of

GROUPS = [Group(*parts) for parts in product(COUNTS.values(), SIZES, COLOURS, SHAPES)]


def test_every_group_is_read_back_from_its_words():
    assert len(GROUPS) == 180
    for group in GROUPS:
        assert described(group.words) == Description(group)


def test_two_groups_are_read_back_and_either_may_be_named_first():
    random = Random(0)
    for _ in range(300):
        description, _ = deal(random, held=False)
        assert described(description.words) == description
        assert described(description.mirrored.words) == description.mirrored
        assert description.mirrored.mirrored == description
        assert len(description.words) == len(description.mirrored.words) <= LONGEST
        assert set(description.words) <= set(CAPTION_WORDS)


def test_a_caption_reads_as_one_says_it():
    one, two = Group(1, "small", "orange", "star"), Group(3, "large", "blue", "cross")
    assert " ".join(Description(one, "left", two).words) == "a small orange star left of three large blue crosses"
    assert " ".join(Description(one, "left", two).mirrored.words) == "three large blue crosses right of a small orange star"
    assert " ".join(Description(two, "above", one).words) == "three large blue crosses above a small orange star"


@pytest.mark.parametrize(
    "caption",
    [
        "", "a small blue", "small blue star", "a blue small star", "a small blue stars", "two small blue star",
        "a small red star", "a small blue star above", "above a small blue star",
        "a small blue star left a large pink cross", "a small blue star above of a large pink cross",
        "a small blue star above a large pink cross below a small green star", "a small blue star of",
    ],
)  # fmt: skip
def test_what_the_grammar_does_not_say_is_refused(caption):
    with pytest.raises(TextError, match="a caption must read like"):
        described(caption.split())


def test_two_groups_that_look_alike_are_refused():
    with pytest.raises(ConfigError, match="must differ in shape or colour"):
        described(["a", "small", "blue", "star", "above", "two", "large", "blue", "stars"])


@pytest.mark.parametrize(("part", "wrong"), [("count", 4), ("size", "huge"), ("colour", "red"), ("shape", "ring")])
def test_a_group_of_anything_else_is_refused(part, wrong):
    with pytest.raises(ConfigError, match=f"{part} must be one of"):
        Group(**({"count": 1, "size": "small", "colour": "blue", "shape": "star"} | {part: wrong}))


def test_a_relation_needs_two_groups():
    with pytest.raises(ConfigError, match="two groups stand"):
        Description(GROUPS[0], "above")
    with pytest.raises(ConfigError, match="two groups stand"):
        Description(GROUPS[0], "beside", GROUPS[-1])


def test_every_word_tells_one_thing():
    assert {kind_of(word) for word in CAPTION_WORDS} == {"count", "size", "colour", "shape", "relation"}
    assert all(kind_of(word) == "relation" for word in OPPOSITES)
    assert kind_of("<eos>") is None
