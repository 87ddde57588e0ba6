"""A scene as pixels, and the cells of a coarse grid that each of its things covers."""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from jaxtyping import Bool, Float

from seqviz.scenes.arrangement import PIXELS, Item, Scene
from seqviz.scenes.grammar import COLOURS

CELLS = 8  # the grid's rows and columns
CELL = PIXELS // CELLS  # pixels of a cell's side
PAPER = 0.94  # the background grey
FINE = 8  # points along each side of a pixel at which a shape is looked up
COVERED = 0.5  # a pixel counts as a thing's from this share on

_PAINTS = {name: np.array(colour, dtype=np.float32) / 255 - np.float32(PAPER) for name, colour in COLOURS.items()}

Points = np.ndarray  # from -1 to 1, u to the right and v downwards


def drawn(scene: Scene) -> Float[np.ndarray, "height width colour"]:
    """Return the picture: red, green and blue from 0 to 1, edges smooth."""
    picture = np.full((PIXELS, PIXELS, 3), PAPER, dtype=np.float32)
    for item in scene.items:  # none overlaps another, so only background is beneath
        picture[_window(item)] += _stamp(item.shape, item.radius)[..., None] * _PAINTS[item.colour]
    return picture


def covered(item: Item) -> Bool[np.ndarray, "row column"]:
    """Return the cells in which at least one pixel is the thing's."""
    pixels = np.zeros((PIXELS, PIXELS), dtype=bool)
    pixels[_window(item)] = _stamp(item.shape, item.radius) >= COVERED
    return np.asarray(pixels.reshape(CELLS, CELL, CELLS, CELL).any(axis=(1, 3)))


def _window(item: Item) -> tuple[slice, slice]:
    reach = item.radius
    return slice(item.y - reach, item.y + reach + 1), slice(item.x - reach, item.x + reach + 1)


@cache
def _stamp(shape: str, radius: int) -> Float[np.ndarray, "height width"]:
    """Return which share of each pixel a thing covers."""
    side = 2 * radius + 1
    points = ((np.arange(side * FINE) + 0.5) / (side * FINE) * 2 - 1).astype(np.float32)
    inside = _INSIDE[shape](points[None, :], points[:, None])
    return np.asarray(inside.reshape(side, FINE, side, FINE).mean(axis=(1, 3)), dtype=np.float32)


def _circle(u: Points, v: Points) -> np.ndarray:
    return np.asarray(u**2 + v**2 <= 1)


def _square(u: Points, v: Points) -> np.ndarray:
    return np.asarray(np.maximum(abs(u), abs(v)) <= 1)


def _triangle(u: Points, v: Points) -> np.ndarray:
    return np.asarray(abs(u) <= (v + 1) / 2)


def _cross(u: Points, v: Points) -> np.ndarray:
    across, along = np.minimum(abs(u), abs(v)), np.maximum(abs(u), abs(v))
    return np.asarray((across <= 0.32) & (along <= 1))


def _star(u: Points, v: Points) -> np.ndarray:
    """Five points, one of them up; a point and the notch beside it lie on one straight edge."""
    part, notch = np.pi / 5, 0.42
    angle = abs((np.arctan2(u, -v) + part) % (2 * part) - part)
    reach = np.hypot(u, v)
    x, y = reach * np.cos(angle), reach * np.sin(angle)
    end_x, end_y = notch * np.cos(part), notch * np.sin(part)
    return np.asarray((x - 1) * end_y - y * (end_x - 1) <= 0)


_INSIDE: Mapping[str, Callable[[Points, Points], np.ndarray]] = {
    "circle": _circle, "square": _square, "triangle": _triangle, "star": _star, "cross": _cross,
}  # fmt: skip
