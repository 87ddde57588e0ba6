"""Word language modelling: read a sentence, and predict each next word.

Words are read one-hot, so that the columns of the input weights are the words' embeddings and any recurrent module can be
traced on its own inputs.
"""

import json
from collections.abc import Sequence
from functools import lru_cache

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence

from seqviz.corpora import Dependency, WordVocabulary, held_out_dependencies, learned_dependencies
from seqviz.corpora.dependency_lexicon import DEPENDENCY_WORDS
from seqviz.experiment.task import WordsConfig
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Draw, Task

WORDS = WordVocabulary(DEPENDENCY_WORDS)
HELD_OUT_SENTENCES = 2000


def words_batch(
    size: int, sentences: Int[Tensor, "sentence longest"], vocabulary_size: int, generator: torch.Generator
) -> tuple[Float[Tensor, "batch time word"], Int[Tensor, "batch time"]]:
    """Return ``size`` sentences, each as likely, and for each word the one after it; 0 pads what is read, -100 the rest."""
    rows = sentences[torch.randint(len(sentences), (size,), generator=generator)]
    rows = rows[:, : int((rows > 0).sum(1).max())]
    targets = torch.where(rows[:, 1:] > 0, rows[:, 1:], -100)
    return F.one_hot(rows[:, :-1], vocabulary_size).float(), targets


def numbered(sentences: Sequence[Dependency]) -> Int[Tensor, "sentence time"]:
    """Return the symbols of the words of each sentence, 0 behind its end."""
    return pad_sequence([torch.from_numpy(WORDS.encode(one.words)) for one in sentences], batch_first=True)


@lru_cache(maxsize=4)  # networks side by side learn from the same sentences
def build_words(config: WordsConfig) -> Task:
    """Return the language model's task on the sentences that ``config`` describes."""
    return Task(
        input_size=len(WORDS),
        output_size=len(WORDS),
        draw=_drawing(learned_dependencies(config.sentences, config.fillers)),
        judge_loss=cross_entropy,
        judge_metric=accuracy,
        draw_held_out=_drawing(held_out_dependencies(HELD_OUT_SENTENCES, config.fillers)),
        vocabulary=json.dumps({"words": list(WORDS.words)}),
    )


def _drawing(sentences: Sequence[Dependency]) -> Draw:
    symbols = numbered(sentences)
    return lambda size, generator: words_batch(size, symbols, len(WORDS), generator)
