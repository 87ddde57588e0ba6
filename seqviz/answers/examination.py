"""How well a run's encoder-decoder translates sentences that it has not learned from."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from seqviz import corpora
from seqviz.answers.translators import Translator, most_words, open_translator
from seqviz.corpora import SentencePair, WordVocabulary, alignment_error_rate, strongest_links
from seqviz.corpora.vocabulary import EOS, PAD
from seqviz.errors import ConfigError
from seqviz.experiment.task import OWN
from seqviz.models import EncoderDecoder, Ensemble, beam_search, greedy
from seqviz.records import Examination, SearchTree
from seqviz.store import Store, open_store
from seqviz.subjects.examination import Examined
from seqviz.tasks.translation import Bucket, buckets_of


@dataclass(frozen=True)
class _Answer:
    """One sentence's translation and the attention on the way to the right one, (target, source)."""

    written: tuple[str, ...]
    ended: bool
    weights: np.ndarray | None


def answer_examination(subject: Examined, store: Store | None = None) -> Examination:
    """Return what the run's network, alone or with others, writes for held-out sentences, beside what is right.

    Runs are those of ``store``; None: of the one that this process's settings name.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: a run does not translate, or not the same sentences, or uploaded ones; no sentence is that short.
    """
    store = store or open_store()
    first, *others = (open_translator(store, run, subject.step if run == subject.run else None) for run in subject.members)
    for run, other in zip(subject.members[1:], others, strict=True):
        if (other.task.corpus, other.source, other.target) != (first.task.corpus, first.source, first.target):
            raise ConfigError(
                f"networks that write together must know the same words; run {run} knows others than {subject.run}"
            )
    pairs = dealt(first.task.corpus, subject.sentences, subject.longest)
    answers = _alone(first, pairs, subject.width) if not others else _together([first, *others], pairs, subject.width)
    return _record(pairs, answers)


@lru_cache(maxsize=32)
def dealt(corpus: str, sentences: int, longest: int) -> tuple[SentencePair, ...]:
    """Return the corpus' first held-out sentence pairs of up to ``longest`` words.

    Raises:
        ConfigError: the corpus is uploaded sentences, and there are no others like them.
    """
    if corpus == OWN:
        raise ConfigError("only networks that learned from the app's own sentences can be examined, not from a file")
    return tuple(corpora.held_out(corpus, sentences, longest))


def batches_of(
    pairs: tuple[SentencePair, ...], source: WordVocabulary, target: WordVocabulary
) -> Iterator[tuple[np.ndarray, Bucket]]:
    """Give the symbols of ``pairs``, those of one source length together, with each one's place among them."""
    lengths = np.array([len(pair.source) for pair in pairs])
    for length, bucket in zip(np.unique(lengths), buckets_of(pairs, source, target), strict=True):
        yield np.flatnonzero(lengths == length), bucket


def _alone(translator: Translator, pairs: tuple[SentencePair, ...], width: int) -> list[_Answer]:
    answers: dict[int, _Answer] = {}
    for places, (sources, targets) in batches_of(pairs, translator.source, translator.target):
        rows = _rows(translator.model, sources, width)
        with torch.no_grad():
            weights = translator.model(sources, None, targets).weights
        for row, place in enumerate(places):
            looks = None if weights is None else weights[row, : len(pairs[place].target)].double().numpy()
            answers[place] = _Answer(translator.target.decode(_words(rows[row])), EOS in rows[row], looks)
    return [answers[place] for place in range(len(pairs))]


def _together(members: list[Translator], pairs: tuple[SentencePair, ...], width: int) -> list[_Answer]:
    answers: dict[int, _Answer] = {}
    ensemble, target = Ensemble([one.model for one in members]), members[0].target
    for places, (sources, _) in batches_of(pairs, members[0].source, target):
        for place, row in zip(places, _rows(ensemble, sources, width), strict=True):
            answers[place] = _Answer(target.decode(_words(row)), EOS in row, None)
    return [answers[place] for place in range(len(pairs))]


def _rows(model: EncoderDecoder | Ensemble, sources: Tensor, width: int) -> list[np.ndarray]:
    """Return the symbols written for each source, with <eos> where it was reached."""
    most = most_words(sources.shape[1])
    if width == 1:
        return [row[row > PAD] for row in greedy(model, sources, most=most).tokens.numpy()]
    return [_best(tree) for tree in beam_search(model, sources, width=width, most=most)]


def _best(tree: SearchTree) -> np.ndarray:
    symbols: np.ndarray = tree.token[tree.path(int(tree.found[0]))]
    return symbols


def _words(symbols: np.ndarray) -> np.ndarray:
    words: np.ndarray = symbols[symbols != EOS]
    return words


def _record(pairs: tuple[SentencePair, ...], answers: list[_Answer]) -> Examination:
    looks = [answer.weights for answer in answers if answer.weights is not None]
    both = list(zip(looks, pairs, strict=True)) if looks else []
    written = tuple(answer.written for answer in answers)
    return Examination(
        source=tuple(pair.source for pair in pairs),
        written=written,
        wanted=tuple(pair.target for pair in pairs),
        exact=np.array([each.ended and each.written == pair.target for each, pair in zip(answers, pairs, strict=True)]),
        alignment_error=_errors(both, 0) if both else None,
        near_alignment_error=_errors(both, 1) if both else None,
        entropy=np.array([_entropy(weights) for weights in looks]) if both else None,
    )


def _errors(both: list[tuple[np.ndarray, SentencePair]], within: int) -> np.ndarray:
    return np.array([alignment_error_rate(strongest_links(weights), pair.links, within=within) for weights, pair in both])


def _entropy(weights: np.ndarray) -> float:
    """Return the rows' mean entropy in nats; a weight of 0 adds nothing."""
    return float(-(weights * np.log(np.where(weights > 0, weights, 1))).sum(axis=1).mean())
