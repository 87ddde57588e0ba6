"""The text that a character language model's script learns from."""

import hashlib
import sys
from collections import Counter
from pathlib import Path

import torch
from torch import Tensor

from seqviz.experiment.task import CharactersConfig
from seqviz.store.texts import standard_library
from seqviz.tasks.characters import characters_batch
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Task


def build_characters(config: CharactersConfig) -> Task:
    """Return the language model's task on the text that the script reads."""
    text = read_text(config.text)
    characters = most_frequent(text)
    symbols = encode(text, characters)
    return Task(
        input_size=len(characters) + 1,
        output_size=len(characters) + 1,
        draw=lambda size, generator: characters_batch(
            size, config.length, learned(symbols, config.length), len(characters) + 1, generator
        ),
        judge_loss=cross_entropy,
        judge_metric=accuracy,
    )


def read_text(name: str) -> str:
    """Return the text to learn from: the file named on the command line, or Python's own standard library.

    Args:
        name: what the lab calls the text that the run learned from; it is made of its content.
    """
    if len(sys.argv) > 1:
        text = Path(sys.argv[1]).read_text(encoding="utf-8-sig")
    elif name.startswith("python"):
        text = standard_library()
    else:
        raise SystemExit(f"usage: python {sys.argv[0]} FILE, where FILE is the text that the run learned from")
    digest = name.rpartition("-")[2]
    if digest != "python" and not hashlib.sha256(text.encode()).hexdigest().startswith(digest):
        print("This is not the text that the run learned from, so the numbers will be others.", file=sys.stderr)
    return text


def most_frequent(text: str) -> str:
    """Return the characters that the network knows: all of the text's, or the 256 most frequent."""
    by_frequency = sorted(Counter(text).items(), key=lambda counted: (-counted[1], counted[0]))
    return "".join(sorted(character for character, _ in by_frequency[:256]))


def encode(text: str, characters: str) -> Tensor:
    """Return the number of each character; one more number stands for all that are not known."""
    numbers = {character: number for number, character in enumerate(characters)}
    return torch.tensor([numbers.get(character, len(characters)) for character in text])


def learned(symbols: Tensor, length: int) -> Tensor:
    """Return the part of the text that is learned from: nine tenths; the rest is held out."""
    return symbols[: min(len(symbols) * 9 // 10, len(symbols) - length - 1)]
