"""Held-out sentences to look at: long enough, their order changing where it can, some way apart in the corpus."""

from collections.abc import Sequence
from functools import cache

from seqviz.corpora.corpus import held_out
from seqviz.corpora.pair import SentencePair

SHORTEST = 6  # words of a sentence that is worth looking at
LOOKED_THROUGH = 40  # for each sentence that is taken


@cache
def samples(corpus: str, longest: int, count: int) -> tuple[SentencePair, ...]:
    """Return at most ``count`` held-out sentences of up to ``longest`` words, as :func:`chosen` takes them.

    Raises:
        UnknownNameError: there is no such corpus.
        ConfigError: no sentence is that short, or there are not enough.
    """
    return chosen(held_out(corpus, LOOKED_THROUGH * count, longest), count)


def chosen(pairs: Sequence[SentencePair], count: int) -> tuple[SentencePair, ...]:
    """Return at most ``count`` of ``pairs``: long ones if there are such, of those the ones whose order changes."""
    long = [pair for pair in pairs if len(pair.source) >= SHORTEST] or pairs
    crossed = [pair for pair in long if crosses(pair)] or long
    return tuple(crossed[:: max(1, len(crossed) // count)][:count])


def crosses(pair: SentencePair) -> bool:
    """Return whether the translation has another word order than its source.

    >>> crosses(SentencePair(("chat", "noir"), ("black", "cat"), frozenset({(0, 1), (1, 0)})))
    True
    """
    order = [source for source, _ in sorted(pair.links, key=lambda link: (link[1], link[0]))]
    return order != sorted(order)
