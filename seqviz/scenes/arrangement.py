"""The places of things in a picture."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from seqviz.errors import ConfigError
from seqviz.scenes.grammar import Description, Group

PIXELS = 64  # the picture's height and width
RADII = {"small": 4, "large": 8}  # pixels that a thing extends to each side of its centre pixel
APART = 2  # pixels between two things of a group, at least
STUCK = 20  # places refused after which a group is scattered anew
MIDDLE = (28, 36)  # where the border between two groups may lie

Place = tuple[int, int]  # x to the right, y downwards


@dataclass(frozen=True)
class Item:
    """One thing in a picture; ``x`` and ``y`` are the pixel in its middle, counted from the picture's top left."""

    shape: str
    colour: str
    size: str
    x: int
    y: int

    @property
    def radius(self) -> int:
        """Pixels that it reaches beyond its middle."""
        return RADII[self.size]


@dataclass(frozen=True)
class Scene:
    """Things in a picture; none hides another."""

    items: tuple[Item, ...]

    def without(self, erased: Collection[int]) -> "Scene":
        """Return the scene with the items at the positions ``erased`` gone.

        Raises:
            ConfigError: there is no such item, or nothing is left.
        """
        beyond = [place for place in erased if not 0 <= place < len(self.items)]
        if beyond:
            raise ConfigError(f"this picture has the things 0 to {len(self.items) - 1}, got {beyond[0]}")
        left = tuple(item for place, item in enumerate(self.items) if place not in erased)
        if not left:
            raise ConfigError("a picture must show at least one thing: put one back")
        return Scene(left)


def arranged(description: Description, seed: int) -> Scene:
    """Return one of the many scenes that ``description`` is true of; the same seed gives the same one.

    Two groups are divided by a straight border, upright for left and right; in the other direction they overlap, so that
    only one relation holds between them.
    """
    random = Random(seed)
    if description.second is None or description.relation is None:
        return Scene(_items(description.first, _scattered(description.first, random, (0, 0, PIXELS, PIXELS))))
    upright = description.relation in ("left", "right")
    swapped = description.relation in ("right", "below")
    before, behind = description.groups[::-1] if swapped else description.groups
    while True:
        border = random.randint(*MIDDLE)
        near = (0, 0, border, PIXELS) if upright else (0, 0, PIXELS, border)
        far = (border, 0, PIXELS, PIXELS) if upright else (0, border, PIXELS, PIXELS)
        parts = [_scattered(before, random, near), _scattered(behind, random, far)]
        if _overlap([_span(before, parts[0], upright), _span(behind, parts[1], upright)]):
            break
    items = [_items(before, parts[0]), _items(behind, parts[1])]
    return Scene(sum(items[::-1] if swapped else items, ()))


def _items(group: Group, places: Sequence[Place]) -> tuple[Item, ...]:
    return tuple(Item(group.shape, group.colour, group.size, x, y) for x, y in places)


def _scattered(group: Group, random: Random, box: tuple[int, int, int, int]) -> list[Place]:
    """Return places for the things of a group inside ``box`` (left, top, right, bottom), none touching another."""
    left, top, right, bottom = box
    radius, places = RADII[group.size], list[Place]()
    needed, refused = 2 * radius + 1 + APART, 0
    while len(places) < group.count:
        x = left + radius + int(random.random() * (right - left - 2 * radius))
        y = top + radius + int(random.random() * (bottom - top - 2 * radius))
        if all(abs(x - other_x) >= needed or abs(y - other_y) >= needed for other_x, other_y in places):
            places.append((x, y))
        elif (refused := refused + 1) % STUCK == 0:
            places.clear()
    return sorted(places)


def _span(group: Group, places: Sequence[Place], upright: bool) -> Place:
    """Return how far a group reaches along the border."""
    along = [place[1 if upright else 0] for place in places]
    return min(along) - RADII[group.size], max(along) + RADII[group.size]


def _overlap(spans: Sequence[Place]) -> bool:
    return max(low for low, _ in spans) <= min(high for _, high in spans)
