"""Things are where their description says, within the picture, none touching another."""

from random import Random

import numpy as np
import pytest

from seqviz.errors import ConfigError
from seqviz.scenes import Item, Scene, arranged, deal
from seqviz.scenes.arrangement import PIXELS

RANDOM = Random(1)
DEALT = [deal(RANDOM, held=held) for held in (False, True) for _ in range(200)]


def test_the_same_seed_gives_the_same_scene_and_another_gives_another():
    description, seed = DEALT[0]
    assert arranged(description, seed) == arranged(description, seed) != arranged(description, seed + 1)


@pytest.mark.parametrize("dealt", DEALT[::20])
def test_things_are_those_described_and_touch_neither_each_other_nor_the_edge(dealt):
    scene = arranged(*dealt)
    wanted = [(group.shape, group.colour, group.size) for group in dealt[0].groups for _ in range(group.count)]
    assert [(item.shape, item.colour, item.size) for item in scene.items] == wanted
    taken = np.zeros((PIXELS, PIXELS), dtype=int)
    for item in scene.items:
        assert item.radius <= min(item.x, item.y) <= max(item.x, item.y) < PIXELS - item.radius
        taken[item.y - item.radius : item.y + item.radius + 1, item.x - item.radius : item.x + item.radius + 1] += 1
    assert taken.max() == 1


def test_what_is_erased_is_gone_and_the_rest_stays():
    scene = Scene((Item("star", "blue", "small", 9, 9), Item("cross", "pink", "large", 30, 40)))
    assert scene.without({0}).items == scene.items[1:]
    assert scene.without(set()) == scene


@pytest.mark.parametrize(("erased", "said"), [({2}, "has the things 0 to 1, got 2"), ({0, 1}, "at least one thing")])
def test_what_cannot_be_erased_is_refused(erased, said):
    scene = Scene((Item("star", "blue", "small", 9, 9), Item("cross", "pink", "large", 30, 40)))
    with pytest.raises(ConfigError, match=said):
        scene.without(erased)
