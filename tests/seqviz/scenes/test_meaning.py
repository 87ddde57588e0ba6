"""Every caption that is called true is true of the pixels, and a word's region is the thing it names."""

from random import Random

import numpy as np
import pytest

from seqviz.scenes import COLOURS, Item, Scene, arranged, captions, covered, deal, described, drawn, regions

RANDOM = Random(2)
DEALT = [deal(RANDOM, held=held) for held in (False, True) for _ in range(150)]


def extent(picture, colour):
    """The rows and columns where a colour is found in a picture, from its pixels alone."""
    found = np.abs(picture - np.array(COLOURS[colour]) / 255).max(axis=2) < 0.02
    rows, columns = np.flatnonzero(found.any(axis=1)), np.flatnonzero(found.any(axis=0))
    return rows.min(), rows.max(), columns.min(), columns.max()


def test_a_scene_has_its_own_description_both_ways_and_no_other():
    for description, seed in DEALT:
        assert set(captions(arranged(description, seed))) == {description.words, description.mirrored.words}


@pytest.mark.parametrize("dealt", DEALT[::6])
def test_relations_hold_between_the_pixels_of_the_two_colours(dealt):
    scene = arranged(*dealt)
    for caption in captions(scene):
        said = described(caption)
        if said.second is None or said.first.colour == said.second.colour:
            continue
        picture = drawn(scene)
        top, bottom, left, right = extent(picture, said.first.colour)
        other_top, other_bottom, other_left, other_right = extent(picture, said.second.colour)
        holds = {
            "left": right < other_left,
            "right": left > other_right,
            "above": bottom < other_top,
            "below": top > other_bottom,
        }
        assert holds[said.relation]


def test_counts_hold_for_the_pixels():
    for description, seed in DEALT[:60]:
        scene = arranged(description, seed)
        for group in description.groups:
            alone = Scene(tuple(item for item in scene.items if (item.shape, item.colour) == (group.shape, group.colour)))
            assert islands(drawn(alone)) == group.count


def islands(picture):
    """How many patches of ink there are, counted by filling one after another."""
    ink, found = {tuple(each) for each in np.argwhere(picture.min(axis=2) < 0.9)}, 0
    while ink:
        edge, found = [ink.pop()], found + 1
        while edge:
            row, column = edge.pop()
            for each in [(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)]:
                if each in ink:
                    ink.remove(each)
                    edge.append(each)
    return found


def test_when_a_group_is_erased_the_other_is_all_there_is_to_say():
    scene = Scene(
        (Item("star", "blue", "small", 9, 9), Item("star", "blue", "small", 9, 30), Item("cross", "pink", "large", 40, 40))
    )
    assert captions(scene.without({0, 1})) == (("a", "large", "pink", "cross"),)
    assert ("a", "small", "blue", "star", "left", "of", "a", "large", "pink", "cross") in captions(scene.without({0}))


def test_both_relations_are_true_of_things_that_stand_aslant():
    scene = Scene((Item("star", "blue", "small", 9, 9), Item("cross", "pink", "large", 40, 40)))
    said = {" ".join(caption).removeprefix("a small blue star ") for caption in captions(scene) if caption[3] == "star"}
    assert said == {"left of a large pink cross", "above a large pink cross"}


def test_a_words_region_is_the_cells_of_the_group_that_it_names():
    items = (Item("star", "blue", "small", 9, 9), Item("cross", "pink", "large", 40, 40))
    words = ("a", "small", "blue", "star", "above", "a", "large", "pink", "cross", "<eos>")
    found, (star, cross) = regions(Scene(items), words), map(covered, items)
    for at in range(4):
        np.testing.assert_array_equal(found[at], star)
        np.testing.assert_array_equal(found[5 + at], cross)
    np.testing.assert_array_equal(found[4], star | cross)
    assert not found[9].any()


def test_words_of_what_is_not_there_are_about_nothing():
    scene = Scene((Item("star", "blue", "small", 9, 9),))
    assert not regions(scene, ("two", "large", "pink", "crosses", "above", "blue")).any()
    assert regions(scene, ("two", "large", "blue", "stars")).any(axis=(1, 2)).all()  # another number of what is there
    assert regions(scene, ()).shape == (0, 8, 8)
