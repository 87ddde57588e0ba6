"""Translation: read a sentence, and write another, until its end.

A batch holds sentences of one source length, so that nothing is padded in the encoder.
"""

import json
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from seqviz import corpora
from seqviz.corpora import SentencePair, WordVocabulary
from seqviz.corpora.vocabulary import EOS
from seqviz.errors import TextError
from seqviz.experiment.task import OWN, TranslationConfig
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Draw, Task

HELD_OUT_SENTENCES = 2000

Bucket = tuple[Int[Tensor, "_ _"], Int[Tensor, "_ _"]]  # sentences of one length, (sentence, source) and (sentence, target)


def translation_batch(
    size: int, buckets: Sequence[Bucket], generator: torch.Generator
) -> tuple[Int[Tensor, "batch source"], Int[Tensor, "batch target"]]:
    """Return ``size`` sentences of one length and their translations, which end in <eos> and then -100.

    A length is drawn as often as sentences have it; sentences of that length are drawn one by one, each as likely.
    """
    ends = torch.tensor([len(sources) for sources, _ in buckets]).cumsum(0)
    drawn = torch.randint(int(ends[-1]), (1,), generator=generator)
    sources, targets = buckets[int(torch.searchsorted(ends, drawn, right=True))]
    rows = torch.randint(len(sources), (size,), generator=generator)
    chosen = targets[rows]
    return sources[rows], chosen[:, : int((chosen >= 0).sum(1).max())]


def buckets_of(pairs: Sequence[SentencePair], source: WordVocabulary, target: WordVocabulary) -> list[Bucket]:
    """Return the symbols of ``pairs``, those of one source length together, the shortest first."""
    by_length: dict[int, list[SentencePair]] = {}
    for pair in pairs:
        by_length.setdefault(len(pair.source), []).append(pair)
    return [_bucket(by_length[length], source, target) for length in sorted(by_length)]


def translation_task(
    learned: Sequence[SentencePair], held_out: Sequence[SentencePair], source: WordVocabulary, target: WordVocabulary
) -> Task:
    """Return the task of translating as the sentences ``learned`` do, judged by those ``held_out``."""
    return Task(
        input_size=len(source),
        output_size=len(target),
        draw=_drawing(buckets_of(learned, source, target)),
        judge_loss=cross_entropy,
        judge_metric=accuracy,
        draw_held_out=_drawing(buckets_of(held_out, source, target)),
        vocabulary=json.dumps({"source": list(source.words), "target": list(target.words)}, ensure_ascii=False),
    )


def build_translation(config: TranslationConfig, text: str | None = None) -> Task:
    """Return the task of translating the corpus that ``config`` names.

    Args:
        config: which sentences, and how many.
        text: a person's own sentences, as :func:`seqviz.corpora.pairs_as_text` writes them.

    Raises:
        TextError: the own sentences are missing, or too few.
    """
    if config.corpus != OWN:
        return _build_generated(config)
    if text is None:
        raise TextError(f"a network that translates {config.text} needs these sentences")
    learned, held = corpora.dealt_out(corpora.pairs_of_text(text), config.sentences, config.longest, drawn=config.drawn)
    source, target = corpora.own_words(learned, config.vocabulary)
    return translation_task(learned, held[:HELD_OUT_SENTENCES], source, target)


@lru_cache(maxsize=4)  # runs side by side learn from the same sentences, which take a while to draw
def _build_generated(config: TranslationConfig) -> Task:
    corpus = corpora.CORPORA[config.corpus]
    return translation_task(
        corpora.learned(config.corpus, config.sentences, config.longest),
        corpora.held_out(config.corpus, min(config.sentences, HELD_OUT_SENTENCES), config.longest),
        WordVocabulary(corpus.source_words),
        WordVocabulary(corpus.target_words),
    )


def _drawing(buckets: list[Bucket]) -> Draw:
    return lambda size, generator: translation_batch(size, buckets, generator)


def _bucket(pairs: Sequence[SentencePair], source: WordVocabulary, target: WordVocabulary) -> Bucket:
    sources = np.stack([source.encode(pair.source) for pair in pairs])
    targets = np.full((len(pairs), 1 + max(len(pair.target) for pair in pairs)), -100)
    for row, pair in zip(targets, pairs, strict=True):
        row[: len(pair.target)] = target.encode(pair.target)
        row[len(pair.target)] = EOS
    return torch.from_numpy(sources), torch.from_numpy(targets)
