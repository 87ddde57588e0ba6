"""Weights that somebody brought, and the words of their vocabulary: kept as they came, named by their content."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from seqviz.errors import StoreError, TextError
from seqviz.registry import shown
from seqviz.store.files import Files

FOLDER, WEIGHTS, VOCABULARY = "own", "weights", "vocabulary.json"
NAME = re.compile(r"own-[0-9a-f]{16}")


class OwnWeights:
    """The weights that people have brought to one store."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def add(self, weights: bytes, vocabulary: bytes | None = None) -> str:
        """Keep weights, and the words of their vocabulary, and return their name; the same bytes have the same name.

        Raises:
            TextError: the vocabulary is no JSON list or map of words.
            StoreError: they are empty, or cannot be written.
        """
        if not weights:
            raise StoreError("a file of weights must not be empty")
        words = None if vocabulary is None else vocabulary_of(vocabulary)
        kept = b"" if words is None else json.dumps(words, ensure_ascii=False).encode()
        digest = hashlib.sha256(len(weights).to_bytes(8, "little") + weights + kept).hexdigest()[:16]
        name = f"own-{digest}"
        if kept:
            self._files.write(f"{FOLDER}/{name}/{VOCABULARY}", kept)
        self._files.write(f"{FOLDER}/{name}/{WEIGHTS}", weights)
        return name

    def names(self) -> list[str]:
        """Return the names of all that are kept."""
        return [name for name in self._files.folders(FOLDER) if NAME.fullmatch(name)]

    def weights(self, name: str) -> bytes:
        """Return a file of weights as it came.

        Raises:
            StoreError: there is none of that name.
        """
        content = self._files.read(f"{FOLDER}/{name}/{WEIGHTS}") if NAME.fullmatch(name) else None
        if content is None:
            raise StoreError(
                f"this server does not have the weights {shown(name)}; bring the same file again, and the link will work"
            )
        return content

    def words(self, name: str) -> list[str] | None:
        """Return the words of the vocabulary, by their symbols; None where none came with the weights."""
        content = self._files.read(f"{FOLDER}/{name}/{VOCABULARY}") if NAME.fullmatch(name) else None
        return None if content is None else list(json.loads(content))


def vocabulary_of(content: bytes) -> list[str]:
    """Return the words in a JSON list, or in a map from words to symbols or from symbols to words, by their symbols.

    >>> vocabulary_of(b'{"b": 1, "a": 0}'), vocabulary_of(b'{"0": "a", "1": "b"}')
    (['a', 'b'], ['a', 'b'])

    Raises:
        TextError: it is neither.
    """
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise TextError(f"a vocabulary must be a JSON list or map, which this file is not: {error}") from error
    if isinstance(found, Mapping):
        found = _by_symbol(found)
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise TextError(f"a vocabulary must be a list of words, or a map of words and whole numbers, got {shown(found)}")
    return found


def _by_symbol(found: Mapping[str, Any]) -> list[Any]:
    """Return the words of a map by their symbols, whichever of the two it maps to the other."""
    numbered = all(isinstance(one, int) and not isinstance(one, bool) for one in found.values())
    pairs = (
        {one: word for word, one in found.items()}
        if numbered
        else {int(one): word for one, word in found.items() if one.isdigit()}
    )
    if len(pairs) != len(found) or set(pairs) != set(range(len(pairs))):
        raise TextError(f"a vocabulary's symbols must be the whole numbers from 0 to {len(found) - 1}, each once")
    return [pairs[symbol] for symbol in range(len(pairs))]
