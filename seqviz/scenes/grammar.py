"""What a caption can say: groups of things, and the place of one group relative to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seqviz.errors import ConfigError, TextError
from seqviz.registry import shown

COUNTS: Mapping[str, int] = {"a": 1, "two": 2, "three": 3}
SIZES = ("small", "large")
COLOURS: Mapping[str, tuple[int, int, int]] = {
    "orange": (213, 94, 0),
    "blue": (0, 114, 178),
    "green": (0, 158, 115),
    "yellow": (240, 228, 66),
    "pink": (204, 121, 167),
    "black": (0, 0, 0),
}
"""Red, green and blue from 0 to 255.

Source: Okabe & Ito (2008), told apart with any kind of colour blindness, https://jfly.uni-koeln.de/color/
"""
SHAPES: Mapping[str, str] = {
    "circle": "circles",
    "square": "squares",
    "triangle": "triangles",
    "star": "stars",
    "cross": "crosses",
}
"""One of them → several."""
OPPOSITES: Mapping[str, str] = {"left": "right", "right": "left", "above": "below", "below": "above"}

CAPTION_WORDS = (*COUNTS, *SIZES, *COLOURS, *SHAPES, *SHAPES.values(), *OPPOSITES, "of")
LONGEST = 10  # words of the longest caption

_SINGULAR = {form: shape for shape, several in SHAPES.items() for form in (shape, several)}
_KINDS = {
    **dict.fromkeys(COUNTS, "count"), **dict.fromkeys(SIZES, "size"), **dict.fromkeys(COLOURS, "colour"),
    **dict.fromkeys(_SINGULAR, "shape"), **dict.fromkeys((*OPPOSITES, "of"), "relation"),
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Group:
    """Things that are said in one breath: "two small blue squares".

    Raises:
        ConfigError: a part is none that the grammar knows.
    """

    count: int
    size: str
    colour: str
    shape: str

    def __post_init__(self) -> None:
        for part, allowed in {"count": COUNTS.values(), "size": SIZES, "colour": COLOURS, "shape": SHAPES}.items():
            if getattr(self, part) not in allowed:
                said = ", ".join(map(str, allowed))
                raise ConfigError(f"{part} must be one of {said}, got {shown(getattr(self, part))}")

    @property
    def words(self) -> tuple[str, ...]:
        """The group as a caption names it."""
        count = next(word for word, number in COUNTS.items() if number == self.count)
        return count, self.size, self.colour, self.shape if self.count == 1 else SHAPES[self.shape]

    def is_like(self, other: "Group") -> bool:
        """Return whether things of both look the same but for their size."""
        return (self.colour, self.shape) == (other.colour, other.shape)


@dataclass(frozen=True)
class Description:
    """One group, or two and the place of the first relative to the second.

    Raises:
        ConfigError: a relation without a second group, or the reverse, or two groups of one shape and colour.
    """

    first: Group
    relation: str | None = None
    second: Group | None = None

    def __post_init__(self) -> None:
        if (self.relation is None) != (self.second is None) or self.relation not in (None, *OPPOSITES):
            raise ConfigError(f"two groups stand {', '.join(OPPOSITES)} of each other, got {shown(self.relation)}")
        if self.second is not None and self.first.is_like(self.second):
            raise ConfigError(f"two groups must differ in shape or colour, got {' '.join(self.words)!r}")

    @property
    def words(self) -> tuple[str, ...]:
        """The caption."""
        if self.second is None or self.relation is None:
            return self.first.words
        between = (self.relation, "of") if self.relation in ("left", "right") else (self.relation,)
        return *self.first.words, *between, *self.second.words

    @property
    def mirrored(self) -> "Description":
        """The same, with the other group named first."""
        if self.second is None or self.relation is None:
            return self
        return Description(self.second, OPPOSITES[self.relation], self.first)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups, in the order in which they are named."""
        return (self.first,) if self.second is None else (self.first, self.second)


def described(caption: Sequence[str]) -> Description:
    """Return what ``caption`` says.

    >>> described("a small blue star left of two large black circles".split()).relation
    'left'

    Raises:
        TextError: it is none of the grammar's captions.
        ConfigError: both groups are of one shape and colour.
    """
    words = [word for word in caption if word != "of"]
    place = next((at for at, word in enumerate(words) if word in OPPOSITES), None)
    if place is None:
        found = Description(_group(words, caption))
    else:
        found = Description(_group(words[:place], caption), words[place], _group(words[place + 1 :], caption))
    if found.words != tuple(caption):
        raise _not_said(caption)
    return found


def kind_of(word: str) -> str | None:
    """Return what ``word`` is about: count, size, colour, shape or relation; None for a word of no caption."""
    return _KINDS.get(word)


def _group(words: Sequence[str], caption: Sequence[str]) -> Group:
    if tuple(map(kind_of, words)) != ("count", "size", "colour", "shape"):
        raise _not_said(caption)
    return Group(COUNTS[words[0]], words[1], words[2], _SINGULAR[words[3]])


def _not_said(caption: Sequence[str]) -> TextError:
    return TextError(
        "a caption must read like 'a small blue star' or 'two large black circles above a small pink cross', "
        f"got {shown(' '.join(caption))}"
    )
