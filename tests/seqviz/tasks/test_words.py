"""Batches of sentences: each word is followed by the next one, and nothing is asked behind a sentence's end."""

import torch

from seqviz.corpora import learned_dependencies
from seqviz.experiment.task import WordsConfig
from seqviz.tasks.words import WORDS, build_words, numbered, words_batch

CONFIG = WordsConfig(sentences=200, fillers=2)


def test_what_is_asked_is_the_next_word_and_nothing_behind_the_end():
    sentences = learned_dependencies(40, 2)
    inputs, targets = words_batch(9, numbered(sentences), len(WORDS), torch.Generator().manual_seed(0))
    known = {tuple(WORDS.encode(one.words).tolist()) for one in sentences}
    for read, asked in zip(inputs.argmax(2).tolist(), targets.tolist(), strict=True):
        end = asked.index(-100) if -100 in asked else len(asked)
        assert (*read[:end], asked[end - 1]) in known
        assert read[1:end] == asked[: end - 1]
        assert set(asked[end:]) <= {-100}


def test_a_batch_is_as_long_as_its_longest_sentence():
    symbols = torch.tensor([[5, 6, 7, 0, 0], [5, 6, 0, 0, 0]])
    inputs, targets = words_batch(4, symbols, len(WORDS), torch.Generator().manual_seed(1))
    assert inputs.shape[1] == targets.shape[1] == int((targets >= 0).sum(1).max())


def test_the_task_is_built_once_for_equal_settings():
    assert build_words(CONFIG) is build_words(WordsConfig(sentences=200, fillers=2))
    assert build_words(CONFIG).input_size == len(WORDS)
