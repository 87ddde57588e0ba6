"""The sentences that a word language model's script learns from."""

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from seqviz.experiment.task import WordsConfig
from seqviz.export.sentences import SENTENCES
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Task
from seqviz.tasks.words import words_batch


def build_words(config: WordsConfig) -> Task:
    """Return the language model's task on the sentences that the script brings along."""
    known, written = read_sentences()
    sentences = {name: numbered(some, known) for name, some in written.items()}
    return Task(
        input_size=len(known) + 4,
        output_size=len(known) + 4,
        draw=lambda size, generator: words_batch(
            size, sentences[f"{config.sentences} with up to {config.fillers}"], len(known) + 4, generator
        ),
        judge_loss=cross_entropy,
        judge_metric=accuracy,
    )


def read_sentences() -> Any:
    """Return the words that are known, and the sentences to learn from, by name."""
    found = json.loads(zlib.decompress(base64.b64decode(SENTENCES)))  # SENTENCES: at the end of this file, compressed
    return found["words"], found["sentences"]


def numbered(sentences: Sequence[Sequence[str]], known: Sequence[str]) -> Tensor:
    """Return the number of each word: 0 pads after a sentence's end, 3 is every unknown word, the known ones begin at 4."""
    numbers = {word: number for number, word in enumerate(known, start=4)}
    longest = max(map(len, sentences))
    return torch.tensor([[numbers.get(word, 3) for word in one] + [0] * (longest - len(one)) for one in sentences])
