"""The corpora by name, and how sentences are dealt out of them: some to learn from, others held out."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from random import Random

from seqviz.corpora import dates, french, french_lexicon, german, german_lexicon, sequences
from seqviz.corpora.pair import SentencePair
from seqviz.corpora.text import joined, spelt_as_known, tokenise
from seqviz.errors import ConfigError
from seqviz.registry import look_up

HELD_OUT_SHARE = 0.1
KNOWN_AFTER = 2_000  # sentences to learn from; held-out sentences have no other words
GIVEN_UP_AFTER = 20_000  # draws in a row with no new sentence


@dataclass(frozen=True)
class Corpus:
    """What sentence pairs can be drawn of without end, with their alignments."""

    title: str
    source_language: str
    target_language: str
    source_words: tuple[str, ...]
    target_words: tuple[str, ...]
    draw: Callable[[Random, int], SentencePair]  # a sentence of some 2 to so many words; it may be a little longer
    shortest: int = 2  # words of the shortest source sentence
    by_character: bool = False  # whether each character is a word

    def split(self, text: str) -> tuple[str, ...]:
        """Return a typed source sentence as words, in capitals where the corpus has them."""
        words = tuple(text.strip().lower()) if self.by_character else tokenise(text)
        return spelt_as_known(words, frozenset(self.source_words))

    def written(self, words: tuple[str, ...]) -> str:
        """Return words of either side as a sentence to read."""
        return "".join(words) if self.by_character else joined(words)


CORPORA: Mapping[str, Corpus] = {
    "fr-en": Corpus(
        "French to English", "French", "English",
        french_lexicon.FRENCH_WORDS, french_lexicon.ENGLISH_WORDS, french.draw_french,
    ),
    "en-de": Corpus(
        "English to German", "English", "German",
        german_lexicon.ENGLISH_WORDS, german_lexicon.GERMAN_WORDS, german.draw_german,
    ),
    "dates": Corpus(
        "Dates to ISO 8601", "date", "ISO 8601", dates.SOURCE, dates.TARGET, dates.draw_date, 8, True,
    ),
    "reversal": Corpus(
        "Reversal", "sequence", "reversed", sequences.SYMBOLS, sequences.SYMBOLS, sequences.draw_reversal, 2, True,
    ),
    "copying": Corpus(
        "Copying", "sequence", "copy", sequences.SYMBOLS, sequences.SYMBOLS, sequences.draw_copying, 2, True,
    ),
    "sorting": Corpus(
        "Sorting", "sequence", "sorted", sequences.SYMBOLS, sequences.SYMBOLS, sequences.draw_sorting, 2, True,
    ),
}  # fmt: skip


def learned(slug: str, count: int, longest: int) -> list[SentencePair]:
    """Return ``count`` different sentence pairs to learn from, the same ones wherever and whenever they are asked for.

    Fewer of them are the beginning of more.

    Args:
        slug: a name of :data:`CORPORA`.
        count: how many.
        longest: the most words that a source sentence may have; each length up to it is drawn about as often, as far as
            there are different sentences of it.

    Raises:
        UnknownNameError: there is no such corpus.
        ConfigError: no sentence is that short, or there are not so many.
    """
    return _dealt(slug, count, longest, held=False)


def held_out(slug: str, count: int, longest: int) -> list[SentencePair]:
    """Return ``count`` different sentence pairs that :func:`learned` never gives, made of words that it does give.

    A tenth of all source sentences is held out, by a hash of the sentence. Their words, of both languages, all are among
    those of the first 2,000 sentences to learn from.

    Raises:
        UnknownNameError: there is no such corpus.
        ConfigError: no sentence is that short, or there are not so many.
    """
    return _dealt(slug, count, longest, held=True)


def is_held_out(source: tuple[str, ...]) -> bool:
    """Return whether a source sentence is one of the tenth that is not learned from."""
    digest = hashlib.sha256(" ".join(source).encode()).digest()
    return int.from_bytes(digest[:4], "big") < HELD_OUT_SHARE * 2**32


def _dealt(slug: str, count: int, longest: int, *, held: bool) -> list[SentencePair]:
    corpus = look_up(CORPORA, slug, "corpus")
    if longest < corpus.shortest:
        raise ConfigError(f"longest must be at least {corpus.shortest}, the shortest of {corpus.title!r}, got {longest}")
    known = _known(slug, longest) if held else None
    pairs = list(islice(_different(slug, longest, held, known), count))
    if len(pairs) < count:
        kind = "held-out sentences" if held else "sentences to learn from"
        raise ConfigError(f"{corpus.title!r} has only {len(pairs):,} {kind} of up to {longest} words, {count:,} were asked for")
    return pairs


def _different(slug: str, longest: int, held: bool, known: frozenset[str] | None) -> Iterator[SentencePair]:
    """Give different pairs of one kind until none comes any more; ``known``: only those with no other word."""
    seed = hashlib.sha256(f"{slug}/{longest}/{'held out' if held else 'learned'}".encode()).digest()
    draw, random, drawn, idle = CORPORA[slug].draw, Random(int.from_bytes(seed[:8], "big")), set(), 0
    while idle < GIVEN_UP_AFTER:
        pair = draw(random, longest)
        idle += 1
        if len(pair.source) > longest or pair.source in drawn or is_held_out(pair.source) != held:
            continue
        drawn.add(pair.source)
        if known is None or known.issuperset(pair.source + pair.target):
            idle = 0
            yield pair


@lru_cache(maxsize=64)
def _known(slug: str, longest: int) -> frozenset[str]:
    first = islice(_different(slug, longest, False, None), KNOWN_AFTER)
    return frozenset(word for pair in first for word in pair.source + pair.target)
