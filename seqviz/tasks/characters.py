"""Character language modelling: read a text, and predict each next character.

Characters are read one-hot, so that the columns of the input weights are the characters' embeddings and any recurrent
module can be traced on its own inputs.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from seqviz.errors import TextError
from seqviz.experiment.task import CharactersConfig
from seqviz.experiment.vocabulary import Vocabulary
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Task


def characters_batch(
    size: int, length: int, symbols: Int[Tensor, " text"], vocabulary_size: int, generator: torch.Generator
) -> tuple[Float[Tensor, "batch time vocab"], Int[Tensor, "batch time"]]:
    """Return windows of a text from places drawn at random, and for each character the one after it."""
    start = torch.randint(0, len(symbols) - length, (size, 1), generator=generator)
    windows = symbols[start + torch.arange(length + 1)]
    return F.one_hot(windows[:, :-1], vocabulary_size).float(), windows[:, 1:]


def split_text(text: str, length: int) -> tuple[str, str]:
    """Return what is learned from, the first nine tenths of ``text``, and what is held out, the rest.

    Each holds at least one sequence of ``length`` characters and the one after; where a tenth is less, more is held out.

    Raises:
        TextError: the text is too short for that, or has only one character to predict.
    """
    window = length + 1
    if len(text) < 2 * window:
        raise TextError(
            f"a text must have at least {2 * window} characters for sequences of {length}: one to learn from and one "
            f"held out; this one has {len(text)}"
        )
    if len(set(text)) == 1:
        raise TextError(f"the text has only one character, {text[0]!r}: there is nothing to predict")
    split = min(len(text) * 9 // 10, len(text) - window)
    return text[:split], text[split:]


def build_characters(config: CharactersConfig, text: str | None) -> Task:
    """Return the language model's task on ``text``; its vocabulary is of the whole text.

    Raises:
        TextError: there is no text, or nothing can be learned from it.
    """
    if text is None:
        raise TextError(f"a character language model needs the text it learns from: {config.text}")
    learned, held_out = split_text(text, config.length)
    vocabulary = Vocabulary.of(text)
    learned_symbols = torch.from_numpy(vocabulary.encode(learned))
    held_out_symbols = torch.from_numpy(vocabulary.encode(held_out))
    size = len(vocabulary)
    return Task(
        input_size=size,
        output_size=size,
        draw=lambda count, generator: characters_batch(count, config.length, learned_symbols, size, generator),
        judge_loss=cross_entropy,
        judge_metric=accuracy,
        draw_held_out=lambda count, generator: characters_batch(count, config.length, held_out_symbols, size, generator),
        vocabulary=vocabulary.characters,
    )
