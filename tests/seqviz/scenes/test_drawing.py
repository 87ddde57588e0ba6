"""Pixels have the colours of the things there, and a thing's cells are those that contain its colour."""

from itertools import product
from random import Random

import numpy as np
import pytest

from seqviz.scenes import CELL, CELLS, COLOURS, SHAPES, Item, Scene, arranged, covered, deal, drawn
from seqviz.scenes.drawing import PAPER


def near(picture, colour, within=0.02):
    return np.abs(picture - np.array(COLOURS[colour]) / 255).max(axis=2) < within


@pytest.mark.parametrize("seed", range(12))
def test_a_pixel_in_the_middle_of_a_thing_has_its_colour_and_far_from_all_it_is_paper(seed):
    scene = arranged(*deal(Random(seed), held=False))
    picture = drawn(scene)
    assert picture.shape == (CELLS * CELL, CELLS * CELL, 3)
    assert picture.dtype == np.float32
    far = np.ones(picture.shape[:2], dtype=bool)
    for item in scene.items:
        np.testing.assert_allclose(picture[item.y, item.x], np.array(COLOURS[item.colour]) / 255, atol=1e-6)
        far[item.y - item.radius : item.y + item.radius + 1, item.x - item.radius : item.x + item.radius + 1] = False
    np.testing.assert_allclose(picture[far], PAPER, atol=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_the_cells_of_things_are_those_where_their_colour_is_found(seed):
    scene = arranged(*deal(Random(seed), held=True))
    picture = drawn(scene)
    for colour in {item.colour for item in scene.items}:
        found = near(picture, colour).reshape(CELLS, CELL, CELLS, CELL).any(axis=(1, 3))
        said = np.logical_or.reduce([covered(item) for item in scene.items if item.colour == colour])
        assert not (found & ~said).any()
        assert (said & ~found).sum() <= 0.35 * said.sum() + 1  # a cell with nothing but a smooth edge has no full pixel


@pytest.mark.parametrize(("shape", "size"), [*product(SHAPES, ("small", "large"))])
def test_every_shape_has_its_own_area_and_is_upright_symmetric(shape, size):
    radius = {"small": 4, "large": 8}[size]
    picture = drawn(Scene((Item(shape, "black", size, 30, 30),)))
    ink = (1 - picture[..., 0] / PAPER)[30 - radius : 31 + radius, 30 - radius : 31 + radius]
    np.testing.assert_allclose(ink, ink[:, ::-1], atol=0.02)
    half = radius + 0.5
    areas = {
        "circle": np.pi,
        "square": 4,
        "triangle": 2,
        "cross": 4 * 0.64 - 0.64**2,
        "star": 5 * 0.42 * np.sin(np.pi / 5),
    }
    assert ink.sum() == pytest.approx(areas[shape] * half**2, rel=0.05)


def test_no_two_shapes_of_one_size_are_drawn_alike():
    for size in ("small", "large"):
        drawings = [drawn(Scene((Item(shape, "black", size, 30, 30),))) for shape in SHAPES]
        assert all(np.abs(one - other).max() > 0.5 for at, one in enumerate(drawings) for other in drawings[:at])


def test_a_thing_covers_the_cells_that_it_reaches_into():
    cells = covered(Item("square", "blue", "large", 16, 20))  # x 8 to 24, y 12 to 28
    assert np.argwhere(cells.any(axis=0)).ravel().tolist() == [1, 2, 3]
    assert np.argwhere(cells.any(axis=1)).ravel().tolist() == [1, 2, 3]
