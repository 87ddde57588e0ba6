"""Tasks without a language: reversal, copying and sorting, whose alignments are known exactly."""

from random import Random

from seqviz.corpora.pair import Pen, SentencePair

SYMBOLS = (*"0123456789", *"abcdef")


def drawn(random: Random, longest: int) -> tuple[str, ...]:
    """Draw 2 to ``longest`` digits and letters, each length as likely."""
    pen = Pen(random, 0)
    return tuple([pen.pick(SYMBOLS) for _ in range(pen.pick(range(2, longest + 1)))])


def draw_copying(random: Random, longest: int) -> SentencePair:
    """Draw a sequence to be given back as it is."""
    source = drawn(random, longest)
    return SentencePair(source, source, frozenset((at, at) for at in range(len(source))))


def draw_reversal(random: Random, longest: int) -> SentencePair:
    """Draw a sequence to be given back from its end."""
    source = drawn(random, longest)
    last = len(source) - 1
    return SentencePair(source, source[::-1], frozenset((last - at, at) for at in range(len(source))))


def draw_sorting(random: Random, longest: int) -> SentencePair:
    """Draw a sequence to be given back in order: digits, then letters; of equals, the first comes first."""
    source = drawn(random, longest)
    order = sorted(range(len(source)), key=source.__getitem__)  # sorted is stable
    links = frozenset((here, there) for there, here in enumerate(order))
    return SentencePair(source, tuple([source[here] for here in order]), links)
