"""Captions are true of their pictures, either group is named first, and nothing held out is ever learned from."""

from random import Random

import numpy as np
import torch

from seqviz.experiment.task import CaptionsConfig
from seqviz.scenes import arranged, captions, deal, described, drawn, is_held_out
from seqviz.tasks.captions import TARGET, WORDS, build_captions, caption_batch, either_way, is_true


def sentences(targets):
    return [WORDS.decode(row[: row.tolist().index(2)].numpy()) for row in targets]


def test_a_batch_is_pictures_and_captions_that_are_true_of_them():
    pictures, targets = caption_batch(40, Random(0), held=False)
    random = Random(0)
    for picture, words in zip(pictures, sentences(targets), strict=True):
        scene = arranged(*deal(random, held=False))
        np.testing.assert_array_equal(picture.numpy(), drawn(scene))
        assert words in captions(scene)
    assert pictures.shape == (40, 64, 64, 3)
    assert targets.shape == (40, TARGET)


def test_training_never_shows_what_is_held_out_and_holding_out_shows_nothing_else():
    task = build_captions(CaptionsConfig())
    generator = torch.Generator().manual_seed(1)
    learned, held = (sentences(draw(300, generator).targets) for draw in (task.batch, task.held_out))
    assert not any(is_held_out(described(words)) for words in learned)
    assert all(is_held_out(described(words)) for words in held)


def test_the_other_way_round_is_the_mirrored_caption():
    _, targets = caption_batch(60, Random(2), held=True)
    one, other = either_way(targets)
    assert torch.equal(one, targets)
    assert [described(words).mirrored.words for words in sentences(targets)] == sentences(other)


def test_both_true_captions_count_as_true_and_no_other():
    _, targets = caption_batch(30, Random(3), held=False)
    one, other = either_way(targets)
    assert is_true(one, targets).all()
    assert is_true(other, targets).all()
    wrong = one.clone()
    wrong[:, 2] = torch.where(wrong[:, 2] == 9, 10, 9)  # another colour
    assert not is_true(wrong, targets).any()
    longer = one.clone()
    longer[:, -1] = 5
    assert not is_true(longer, targets).any()


def test_groups_are_no_larger_than_the_task_says():
    task = build_captions(CaptionsConfig(most=1))
    words = {word for caption in sentences(task.batch(50, torch.Generator().manual_seed(0)).targets) for word in caption}
    assert not words & {"two", "three"}
