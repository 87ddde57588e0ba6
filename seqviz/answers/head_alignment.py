"""On a worker: how closely each head of a Transformer's cross-attention follows known alignments."""

from collections.abc import Iterator

import numpy as np
import torch

from seqviz.answers.examination import batches_of, dealt
from seqviz.answers.translators import Translator, open_translator
from seqviz.corpora import SentencePair, alignment_error_rate, strongest_links
from seqviz.errors import ConfigError
from seqviz.models import Transformer
from seqviz.models.transformer import read_for
from seqviz.records import HeadAlignment
from seqviz.store import open_store
from seqviz.subjects.examination import Examined


def align_heads(subject: Examined) -> HeadAlignment:
    """Return the alignment error of every head of the run's Transformer on held-out sentences.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run does not translate, or somebody's own sentences, or is no Transformer.
    """
    translator = open_translator(open_store(), subject.run, subject.step)
    if not isinstance(translator.model, Transformer):
        raise ConfigError(f"only a Transformer has heads to hold against alignments; run {subject.run} is none")
    pairs = dealt(translator.task.corpus, subject.sentences, subject.longest)
    errors, near, mean = (np.mean(each, axis=0) for each in zip(*_each(translator, translator.model, pairs), strict=True))
    return HeadAlignment(errors=errors, near_errors=near, mean_error=float(mean), sentences=len(pairs))


def _each(
    translator: Translator, model: Transformer, pairs: tuple[SentencePair, ...]
) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    for places, (sources, targets) in batches_of(pairs, translator.source, translator.target):
        weights = cross_weights(model, sources, targets)
        for row, place in enumerate(places):
            pair = pairs[place]
            looks = weights[row, :, :, : len(pair.target)]
            exact, near = (_rates(looks, pair, within) for within in (0, 1))
            yield exact, near, _rate(looks[-1].mean(axis=0), pair, 0)


@torch.no_grad()
def cross_weights(model: Transformer, sources: torch.Tensor, targets: torch.Tensor) -> np.ndarray:
    """Return the cross-attention (sentence, layer, head, target, source) on the way to ``targets``."""
    did = model.walk(sources, read_for(targets))
    crossings = [one.attended for layer in did.decoder.layers for one in layer if one.kind == "cross" and one.attended]
    weights: np.ndarray = torch.stack([one.weights for one in crossings], dim=1).double().numpy()
    return weights


def _rates(looks: np.ndarray, pair: SentencePair, within: int) -> np.ndarray:
    return np.array([[_rate(head, pair, within) for head in layer] for layer in looks])


def _rate(weights: np.ndarray, pair: SentencePair, within: int) -> float:
    return alignment_error_rate(strongest_links(weights), pair.links, within=within)
