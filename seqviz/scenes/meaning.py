"""What is true of a scene, and which part of it each word of a caption is about."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from jaxtyping import Bool

from seqviz.scenes.arrangement import Item, Scene
from seqviz.scenes.drawing import CELLS, covered
from seqviz.scenes.grammar import OPPOSITES, SHAPES, Description, Group, kind_of

Look = tuple[str, str]  # what the things of a group have in common: shape and colour


def captions(scene: Scene) -> tuple[tuple[str, ...], ...]:
    """Return every caption that is true of ``scene``; with two groups there are at least two, either named first."""
    groups = _groups(scene)
    said = {look: Group(len(items), items[0].size, items[0].colour, items[0].shape) for look, items in groups.items()}
    if len(said) == 1:
        return (Description(next(iter(said.values()))).words,)
    return tuple(
        Description(said[one], relation, said[other]).words
        for one, other in permutations(said, 2)
        for relation in OPPOSITES
        if _holds(relation, groups[one], groups[other])
    )


def regions(scene: Scene, words: Sequence[str]) -> Bool[np.ndarray, "word row column"]:
    """Return the cells that each of ``words`` is about: those of the group that it helps to name.

    A relation is about both groups. Where the group is not in the scene, and at a word of no caption, there are none.
    """
    cells = {look: _cells(items) for look, items in _groups(scene).items()}
    nothing = np.zeros((CELLS, CELLS), dtype=bool)
    phrases = _phrases(words)
    both = np.logical_or.reduce([cells.get(look, nothing) for _, look in phrases] or [nothing])
    found = [both if kind_of(word) == "relation" else nothing for word in words]
    for places, look in phrases:
        for place in places:
            found[place] = cells.get(look, nothing)
    return np.array(found, dtype=bool).reshape(len(words), CELLS, CELLS)


def _phrases(words: Sequence[str]) -> list[tuple[list[int], Look]]:
    """Return for each group named the positions of its words, and the shape and colour they name."""
    phrases: list[tuple[list[int], Look]] = []
    places: list[int] = []
    for place, word in enumerate(words):
        kind = kind_of(word)
        places = [*places, place] if kind not in (None, "relation") else []
        if kind == "shape":
            shape = next(one for one, several in SHAPES.items() if word in (one, several))
            colour = next((words[at] for at in places if kind_of(words[at]) == "colour"), "")
            phrases.append((places, (shape, colour)))
            places = []
    return phrases


def _groups(scene: Scene) -> dict[Look, list[Item]]:
    groups: dict[Look, list[Item]] = {}
    for item in scene.items:
        groups.setdefault((item.shape, item.colour), []).append(item)
    return groups


def _cells(items: Sequence[Item]) -> Bool[np.ndarray, "row column"]:
    return np.asarray(np.logical_or.reduce([covered(item) for item in items]))


def _holds(relation: str, these: Sequence[Item], those: Sequence[Item]) -> bool:
    """Return whether all of ``these`` are left of (right of, above, below) all of ``those``."""
    if relation in ("right", "below"):
        return _holds(OPPOSITES[relation], those, these)
    ends = [_reach(one, relation)[1] for one in these]
    return max(ends) < min(_reach(one, relation)[0] for one in those)


def _reach(item: Item, relation: str) -> tuple[int, int]:
    """Return the first and the last pixel of ``item``, across for ``left`` and downwards for ``above``."""
    middle = item.x if relation == "left" else item.y
    return middle - item.radius, middle + item.radius
