"""The sentences that the script of a network that translates learns from."""

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

import torch

from seqviz.experiment.task import TranslationConfig
from seqviz.export.sentences import SENTENCES
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Task
from seqviz.tasks.translation import Bucket, translation_batch

Words = Sequence[str]


def build_translation(config: TranslationConfig) -> Task:
    """Return the task of translating as the sentences do that the script brings along."""
    source_words, target_words, pairs = read_sentences()
    buckets = buckets_of(pairs, source_words, target_words)
    return Task(
        input_size=len(source_words) + 4,
        output_size=len(target_words) + 4,
        draw=lambda size, generator: translation_batch(size, buckets, generator),
        judge_loss=cross_entropy,
        judge_metric=accuracy,
    )


def read_sentences() -> Any:
    """Return the words of both languages, and the sentences to learn from with their translations."""
    known = json.loads(zlib.decompress(base64.b64decode(SENTENCES)))  # SENTENCES: at the end of this file, compressed
    return known["source"], known["target"], known["pairs"]


def numbers_of(known: Words) -> dict[str, int]:
    """Return the number of each word: 0 pads, 1 begins a sentence, 2 ends it, 3 is every unknown word."""
    return {word: number for number, word in enumerate(known, start=4)}


def buckets_of(pairs: Sequence[tuple[Words, Words]], source_words: Words, target_words: Words) -> list[Bucket]:
    """Return the sentences of each length as one tensor, with their translations, which end in 2 and then -100."""
    here, there = numbers_of(source_words), numbers_of(target_words)
    by_length: dict[int, list[tuple[list[int], list[int]]]] = {}
    for source, target in pairs:
        numbered = [here.get(word, 3) for word in source], [there.get(word, 3) for word in target]
        by_length.setdefault(len(source), []).append(numbered)
    buckets = []
    for _, same in sorted(by_length.items()):
        targets = torch.full((len(same), 1 + max(len(symbols) for _, symbols in same)), -100)
        for row, (_, symbols) in zip(targets, same, strict=True):
            row[: len(symbols) + 1] = torch.tensor([*symbols, 2])
        buckets.append((torch.tensor([symbols for symbols, _ in same]), targets))
    return buckets
