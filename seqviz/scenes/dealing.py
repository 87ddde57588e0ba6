"""Which descriptions are learned from, and which are held out."""

import hashlib
from random import Random

from seqviz.scenes.grammar import COLOURS, COUNTS, OPPOSITES, SHAPES, SIZES, Description, Group

HELD_OUT_SHARE = 0.1
ALONE = 0.15  # share of scenes with one group only
SEEDS = 2**31  # of an arrangement

Dealt = tuple[Description, int]  # what is to be seen, and the seed of how it is arranged


def deal(random: Random, *, held: bool, most: int = 3) -> Dealt:
    """Return a description of one kind, held out or not, and a seed to arrange it by.

    Args:
        random: draws it.
        held: whether it shall be one of those that are never learned from.
        most: things in a group, at most.
    """
    while True:
        found = _drawn(random, most)
        if found is not None and is_held_out(found) == held:
            return found, random.randrange(SEEDS)


def held_out(count: int, *, most: int = 3) -> list[Dealt]:
    """Return ``count`` held-out descriptions with their arrangements, the same ones whenever they are asked for."""
    seed = hashlib.sha256(f"scenes/{most}/held out".encode()).digest()
    random = Random(int.from_bytes(seed[:8], "big"))
    return [deal(random, held=True, most=most) for _ in range(count)]


def is_held_out(description: Description) -> bool:
    """Return whether ``description`` is one of the tenth that is not learned from, however it is arranged.

    Both of its captions are held out together: "a star above a cross" is "a cross below a star".
    """
    either = min(description.words, description.mirrored.words)
    digest = hashlib.sha256(" ".join(either).encode()).digest()
    return int.from_bytes(digest[:4], "big") < HELD_OUT_SHARE * 2**32


def _drawn(random: Random, most: int) -> Description | None:
    """Return a description, each as likely; None where two groups look alike."""
    first = _group(random, most)
    if random.random() < ALONE:
        return Description(first)
    relation, second = random.choice(tuple(OPPOSITES)), _group(random, most)
    return None if first.is_like(second) else Description(first, relation, second)


def _group(random: Random, most: int) -> Group:
    count = random.randint(1, min(most, len(COUNTS)))
    return Group(count, random.choice(SIZES), random.choice(tuple(COLOURS)), random.choice(tuple(SHAPES)))
