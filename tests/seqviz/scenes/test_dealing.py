"""What is held out is never learned from, is made of known words, and is the same wherever it is asked for."""

from random import Random

from seqviz.scenes import CAPTION_WORDS, deal, held_out, is_held_out


def test_what_is_learned_from_and_what_is_held_out_never_meet_whichever_way_round_it_is_said():
    random = Random(3)
    learned = {deal(random, held=False)[0] for _ in range(3000)}
    kept = {description for description, _ in held_out(600)}
    assert not any(is_held_out(one) or is_held_out(one.mirrored) for one in learned)
    assert all(is_held_out(one) and is_held_out(one.mirrored) for one in kept)
    assert not kept & (learned | {one.mirrored for one in learned})
    assert {word for one in kept for word in one.words} <= {word for one in learned for word in one.words} == set(CAPTION_WORDS)


def test_about_a_tenth_is_held_out():
    random = Random(4)
    every = [deal(random, held=random.random() < 0.5)[0] for _ in range(10)]  # both kinds can be asked for
    assert {is_held_out(one) for one in every} == {True, False}
    from seqviz.scenes.dealing import _drawn

    drawn = [one for one in (_drawn(random, 3) for _ in range(4000)) if one is not None]
    assert 0.08 < sum(map(is_held_out, drawn)) / len(drawn) < 0.12


def test_held_out_scenes_are_these_on_every_machine():
    first = held_out(3)
    assert first == held_out(40)[:3]
    assert [(" ".join(description.words), seed) for description, seed in first] == FIRST


def test_groups_are_no_larger_than_asked():
    random = Random(5)
    assert {group.count for _ in range(200) for group in deal(random, held=False, most=1)[0].groups} == {1}


FIRST = [
    ("a large yellow square below three small black crosses", 2009410247),
    ("two small orange triangles right of three large orange stars", 644756243),
    ("three small pink stars", 1724289670),
]
