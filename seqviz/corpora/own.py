"""Uploaded sentences: kept as text, and dealt out into those to learn from and those held out."""

import hashlib
from collections.abc import Sequence
from random import Random

from seqviz.corpora.corpus import Corpus, is_held_out
from seqviz.corpora.pair import SentencePair
from seqviz.corpora.vocabulary import WordVocabulary
from seqviz.errors import ConfigError, TextError


def pairs_as_text(pairs: Sequence[SentencePair]) -> str:
    """Return ``pairs`` as lines: words with blanks between, a tab, and the words of the translation."""
    return "".join(f"{' '.join(pair.source)}\t{' '.join(pair.target)}\n" for pair in pairs)


def pairs_of_text(text: str) -> list[SentencePair]:
    """Return the pairs that :func:`pairs_as_text` wrote.

    >>> pairs_of_text("le chat\\tthe cat\\n")[0].target
    ('the', 'cat')
    """
    halves = (line.split("\t") for line in text.split("\n") if line)
    return [SentencePair(tuple(source.split(" ")), tuple(target.split(" "))) for source, target in halves]


def dealt_out(
    pairs: Sequence[SentencePair], count: int, longest: int, *, drawn: bool = False
) -> tuple[list[SentencePair], list[SentencePair]]:
    """Return ``count`` pairs to learn from, and all that are held out: a tenth, by a hash of the source sentence.

    Args:
        pairs: sentences and their translations.
        count: the most to learn from.
        longest: the most words of a sentence, in either language; longer ones are left out.
        drawn: whether both are in the order of a hash, and so from the whole file, which may go from short to long; else they
            are in its own order, and those to learn from are its first.

    Raises:
        TextError: nothing is left to learn from, or to hold out.
    """
    short = [pair for pair in pairs if max(len(pair.source), len(pair.target)) <= longest]
    short = sorted(short, key=_lot) if drawn else short
    held = [pair for pair in short if is_held_out(pair.source)]
    learned = [pair for pair in short if not is_held_out(pair.source)][:count]
    if not learned or not held:
        raise TextError(
            f"there must be sentences of at most {longest} words to learn from and others to be judged by (a tenth is held "
            f"out), got {len(learned):,} and {len(held):,}"
        )
    return learned, held


def _lot(pair: SentencePair) -> bytes:
    return hashlib.sha256(" ".join((*pair.source, "\t", *pair.target)).encode()).digest()


def own_words(learned: Sequence[SentencePair], most: int) -> tuple[WordVocabulary, WordVocabulary]:
    """Return the words of each language that a network knows: the ``most`` frequent of the sentences to learn from."""
    sides = ([pair.source for pair in learned], [pair.target for pair in learned])
    source, target = (WordVocabulary.of(sentences, most) for sentences in sides)
    return source, target


def own_corpus(source_words: Sequence[str], target_words: Sequence[str]) -> Corpus:
    """Return uploaded sentences as a corpus to read and write with, from which nothing is drawn."""
    return Corpus("My own sentences", "source", "translation", tuple(source_words), tuple(target_words), _not_drawn)


def _not_drawn(random: Random, longest: int) -> SentencePair:
    raise ConfigError("one's own sentences are those of a file: no others can be drawn")
