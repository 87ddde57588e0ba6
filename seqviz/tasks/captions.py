"""Captions: see a picture of shapes, and describe it in words, up to the end of the caption."""

import json
from collections.abc import Mapping, Sequence
from random import Random

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from seqviz.corpora import WordVocabulary
from seqviz.corpora.vocabulary import EOS
from seqviz.experiment.task import CaptionsConfig
from seqviz.scenes import CAPTION_WORDS, LONGEST, OPPOSITES, arranged, deal, drawn
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Task

WORDS = WordVocabulary(CAPTION_WORDS)
TARGET = LONGEST + 1  # with the end

_MIRRORED: Mapping[int, int] = {int(WORDS.encode([one])[0]): int(WORDS.encode([other])[0]) for one, other in OPPOSITES.items()}
_OF = int(WORDS.encode(["of"])[0])


def caption_batch(
    size: int, random: Random, *, held: bool, most: int = 3
) -> tuple[Float[Tensor, "batch height width colour"], Int[Tensor, "batch time"]]:
    """Return ``size`` pictures, and one caption of each: where two are true, either, as likely; after its end come -100s.

    Args:
        size: how many.
        random: draws scenes and captions.
        held: whether their descriptions are held out from learning.
        most: things in a group, at most.
    """
    pictures, targets = [], np.full((size, TARGET), -100)
    for row in targets:
        description, seed = deal(random, held=held, most=most)
        pictures.append(drawn(arranged(description, seed)))
        words = WORDS.encode(description.words)
        row[: len(words)], row[len(words)] = words, EOS
    return torch.from_numpy(np.stack(pictures)), torch.from_numpy(targets)


def drawn_captions(size: int, generator: torch.Generator, *, held: bool, most: int) -> tuple[Tensor, Tensor]:
    """Return what :func:`caption_batch` does, drawn by a generator of PyTorch's."""
    seed = int(torch.randint(2**62, (1,), generator=generator))
    return caption_batch(size, Random(seed), held=held, most=most)


def either_way(targets: Int[Tensor, "batch time"]) -> Int[Tensor, "2 batch time"]:
    """Return each caption, and the one that names the other group first: equally true, and as long."""
    return torch.stack([targets, torch.tensor([_mirrored(row) for row in targets.tolist()], device=targets.device)])


def is_true(written: Int[Tensor, "batch time"], targets: Int[Tensor, "batch time"]) -> Bool[Tensor, " batch"]:
    """Return which of the captions ``written`` are one of the two that are true; both are as long, with -100 behind."""
    return (either_way(targets) == written).all(2).any(0)


def build_captions(config: CaptionsConfig) -> Task:
    """Return the task of captioning scenes as ``config`` says."""
    return Task(
        input_size=3,
        output_size=len(WORDS),
        draw=lambda size, generator: drawn_captions(size, generator, held=False, most=config.most),
        judge_loss=cross_entropy,
        judge_metric=accuracy,
        draw_held_out=lambda size, generator: drawn_captions(size, generator, held=True, most=config.most),
        vocabulary=json.dumps({"words": list(WORDS.words)}),
        judge_written=is_true,
    )


def _mirrored(target: Sequence[int]) -> list[int]:
    end = target.index(EOS)
    at = next((place for place, symbol in enumerate(target[:end]) if symbol in _MIRRORED), None)
    if at is None:
        return list(target)
    behind = at + 2 if target[at + 1] == _OF else at + 1
    between = [_MIRRORED[target[at]], *target[at + 1 : behind]]
    return [*target[behind:end], *between, *target[:at], *target[end:]]
