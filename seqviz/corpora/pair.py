"""Sentences written in two languages at once: words that carry a unit of meaning in common are linked, wherever they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

Word = tuple[str, int]  # what is written, and the units of meaning that it carries, one bit each; 0 is none
Option = TypeVar("Option")


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A sentence, its translation, and which words translate which.

    A link is (position in the source, position in the target), from 0; end symbols are not counted.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    links: frozenset[tuple[int, int]] = frozenset()


def paired(source: Sequence[Word], target: Sequence[Word]) -> SentencePair:
    """Return the sentences with a link for every two words that have a unit of meaning in common."""
    carrying = [(i, units) for i, (_, units) in enumerate(source) if units]
    links = frozenset([(i, j) for j, (_, units) in enumerate(target) if units for i, here in carrying if here & units])
    return SentencePair(tuple([text for text, _ in source]), tuple([text for text, _ in target]), links)


class Pen:
    """What a sentence is drawn with: chance, fresh units of meaning, and the room for words that may be left out.

    Only ``random()`` is asked of the generator: of all of Python's random draws, it alone is promised to stay the same.
    """

    __slots__ = ("_draw", "_unit", "room")

    def __init__(self, random: Random, room: int) -> None:
        self._draw = random.random
        self._unit = 1
        self.room = room

    def pick(self, options: Sequence[Option]) -> Option:
        """Return one of ``options``, each as likely."""
        return options[int(self._draw() * len(options))]

    def chance(self, share: float) -> bool:
        """Return true in ``share`` of all cases."""
        return self._draw() < share

    def affords(self, words: int, share: float) -> bool:
        """Return whether ``words`` more are written, in ``share`` of the cases where there is room; takes the room."""
        if self.room < words or self._draw() >= share:
            return False
        self.room -= words
        return True

    def unit(self) -> int:
        """Return a unit of meaning that no word carries yet."""
        self._unit <<= 1
        return self._unit


def words_of(*groups: Iterable[str]) -> tuple[str, ...]:
    """Return the different words of ``groups`` in the order of Unicode."""
    return tuple(sorted({word for group in groups for word in group if word}))
