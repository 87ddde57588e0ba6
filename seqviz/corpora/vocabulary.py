"""The words that a translating network knows, and their symbols, without torch."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int

from seqviz.errors import ConfigError, TextError
from seqviz.registry import shown

PAD, SOS, EOS, UNK = range(4)
SPECIAL = ("<pad>", "<sos>", "<eos>", "<unk>")


@dataclass(frozen=True)
class WordVocabulary:
    """Words and their symbols: 0 is padding, 1 starts a sentence, 2 ends it, 3 is any unknown word, then :attr:`words`.

    >>> vocabulary = WordVocabulary(("le", "chat"))
    >>> vocabulary.encode(["le", "chien"]).tolist()
    [4, 3]
    >>> vocabulary.decode(vocabulary.encode(["le", "chien"]))
    ('le', '<unk>')

    Raises:
        ConfigError: no word, one twice, or one of the four special symbols.
    """

    words: tuple[str, ...]
    _symbols: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        symbols = {word: symbol for symbol, word in enumerate(SPECIAL + self.words)}
        if not self.words or len(symbols) < len(self.words) + len(SPECIAL):
            raise ConfigError(f"a vocabulary must have different words, none of {', '.join(SPECIAL)}, got {shown(self.words)}")
        object.__setattr__(self, "_symbols", symbols)

    @classmethod
    def of(cls, sentences: Iterable[Sequence[str]], largest: int | None = None) -> "WordVocabulary":
        """Return the words of ``sentences``, the most frequent first, at most ``largest`` of them.

        Raises:
            TextError: there is no word.
        """
        counted = Counter(word for sentence in sentences for word in sentence if word not in SPECIAL)
        if not counted:
            raise TextError("the sentences are empty: there is no word to learn from")
        ordered = sorted(counted, key=lambda word: (-counted[word], word))
        return cls(tuple(ordered[:largest]))

    def __len__(self) -> int:
        return len(SPECIAL) + len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._symbols and word not in SPECIAL

    def encode(self, words: Sequence[str]) -> Int[np.ndarray, " time"]:
        """Return one symbol for each word; an unknown one, and a special symbol written as a word, is ``<unk>``."""
        return np.array([self._symbols[word] if word in self else UNK for word in words], dtype=np.int64)

    def decode(self, symbols: Int[np.ndarray, " time"]) -> tuple[str, ...]:
        """Return the words that ``symbols`` encode, special ones by their names."""
        return tuple((SPECIAL + self.words)[symbol] for symbol in symbols)
