"""What neighbouring words do to each other: the French elide and contract, the English "a" becomes "an"."""

from collections.abc import Sequence

from seqviz.corpora.pair import Word

ELIDED = {"le": "l'", "la": "l'", "je": "j'", "me": "m'", "ne": "n'", "que": "qu'", "de": "d'"}
CONTRACTED = {("de", "le"): "du", ("de", "les"): "des", ("à", "le"): "au", ("à", "les"): "aux"}
VOWELS = frozenset("aàâeéèêiîoôœuh")  # each h of the lexicon is silent


def starts_with_vowel(word: str) -> bool:
    """Return whether a word of the lexicon starts with the sound of a vowel."""
    return word[0] in VOWELS


def spoken_french(words: Sequence[Word]) -> list[Word]:
    """Elide and contract; a contracted word carries the units of meaning of both.

    >>> [word for word, _ in spoken_french([("de", 1), ("le", 2), ("chat", 4), ("que", 8), ("elle", 16)])]
    ['du', 'chat', "qu'", 'elle']
    """
    spoken: list[Word] = []
    following = [word for word, _ in words[1:]] + [" "]
    for (word, units), after in zip(words, following, strict=True):
        if word in ELIDED and after[0] in VOWELS:
            word = ELIDED[word]
        if spoken and (spoken[-1][0], word) in CONTRACTED:
            before, carried = spoken.pop()
            word, units = CONTRACTED[before, word], carried | units
        spoken.append((word, units))
    return spoken


def spoken_english(words: Sequence[Word]) -> list[Word]:
    """Write "an" before a vowel.

    >>> [word for word, _ in spoken_english([("a", 1), ("apple", 2)])]
    ['an', 'apple']
    """
    following = [word for word, _ in words[1:]] + [" "]
    return [
        ("an", units) if word == "a" and after[0] in "aeio" else (word, units)
        for (word, units), after in zip(words, following, strict=True)
    ]


def written_german(words: Sequence[Word]) -> list[Word]:
    """Contract "in dem", and drop commas next to another mark or at the end.

    >>> [word for word, _ in written_german([("in", 1), ("dem", 2), ("Park", 4), (",", 0)])]
    ['im', 'Park']
    """
    written: list[Word] = []
    following = [word for word, _ in words[1:]] + [","]
    for (word, units), after in zip(words, following, strict=True):
        if word == "," and not units and after in ",?":
            continue
        if word == "," and written[-1][0] == ",":
            continue
        if word == "dem" and written and written[-1][0] == "in":
            word, units = "im", written.pop()[1] | units
        written.append((word, units))
    return written
