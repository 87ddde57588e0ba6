"""The symbols of a character language model, without torch."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int

from seqviz.errors import ConfigError, TextError
from seqviz.registry import shown

LARGEST = 256
UNKNOWN_SHOWN = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Vocabulary:
    """The characters that a network knows, and after them one symbol for every other.

    Character i of :attr:`characters` is symbol i; the unknown symbol is the last, so there are ``len(vocabulary)``
    symbols in all.

    >>> vocabulary = Vocabulary.of("abbey")
    >>> vocabulary.characters
    'abey'
    >>> vocabulary.encode("bay!").tolist()
    [1, 0, 3, 4]

    Raises:
        ConfigError: no character, too many, or one twice.
    """

    characters: str
    _symbols: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        symbols = {character: symbol for symbol, character in enumerate(self.characters)}
        if not 1 <= len(self.characters) <= LARGEST or len(symbols) < len(self.characters):
            raise ConfigError(f"a vocabulary must have 1 to {LARGEST} different characters, got {shown(self.characters)}")
        object.__setattr__(self, "_symbols", symbols)

    @classmethod
    def of(cls, text: str) -> "Vocabulary":
        """Return the vocabulary of ``text``: its characters, or the 256 most frequent of them, in the order of Unicode.

        Raises:
            TextError: the text is empty.
        """
        if not text:
            raise TextError("the text is empty: there is no character to learn from")
        by_frequency = sorted(Counter(text).items(), key=lambda counted: (-counted[1], counted[0]))
        return cls("".join(sorted(character for character, _ in by_frequency[:LARGEST])))

    def __len__(self) -> int:
        return len(self.characters) + 1

    @property
    def unknown(self) -> int:
        """The symbol of every character that is not known."""
        return len(self.characters)

    def encode(self, text: str) -> Int[np.ndarray, " time"]:
        """Return one symbol for each character of ``text``."""
        known, unknown = self._symbols, self.unknown
        return np.array([known.get(character, unknown) for character in text], dtype=np.int64)

    def decode(self, symbols: Int[np.ndarray, " time"]) -> str:
        """Return the text that ``symbols`` encode, ``\N{REPLACEMENT CHARACTER}`` for the unknown one."""
        shown_as = self.characters + UNKNOWN_SHOWN
        return "".join(shown_as[symbol] for symbol in symbols)
