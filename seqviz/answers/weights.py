"""A network made of somebody's own weights reads a text."""

import re
from collections.abc import Sequence
from functools import lru_cache

from seqviz.corpora.text import tokenise
from seqviz.errors import LimitError, TextError
from seqviz.models.own import OwnNetwork, build_own, opened_weights
from seqviz.records import WeightsTrace
from seqviz.registry import shown
from seqviz.settings import settings
from seqviz.store import open_store
from seqviz.subjects.weights import ReadByWeights
from seqviz.tracing.weights import weights_trace

UNKNOWN = ("<unk>", "[UNK]", "<UNK>", "unk", "UNK")
MOST_TOLD = 5  # words that a network does not know
SPECIAL = re.compile(r"[<\[].+[>\]]")  # words that stand for no text: "<unk>", "[SEP]"


def answer_weights(subject: ReadByWeights) -> WeightsTrace:
    """Return what the network does while it reads the text, and its gradients.

    Raises:
        StoreError: there are no such weights, or the file cannot be opened without running code.
        UnsupportedModelError: they are no stack of embedding, recurrent layers and output.
        TextError: the text is empty, or holds what the network does not know.
        LimitError: it has more tokens than this server allows.
    """
    network = _opened(subject.weights, subject.order, subject.activation)
    words = open_store().own.words(subject.weights)
    ids, tokens = _read(subject.text, words, network.symbols)
    most = settings().limits.length
    if len(ids) > most:
        raise LimitError(f"a text may have at most {most:,} tokens on this server, got {len(ids):,}")
    return weights_trace(network, ids, tokens)


@lru_cache(maxsize=4)
def _opened(name: str, order: str, activation: str) -> OwnNetwork:
    return build_own(opened_weights(open_store().own.weights(name)), order, activation)


def _read(text: str, words: Sequence[str] | None, symbols: int) -> tuple[list[int], list[str]]:
    if words is None:
        return _numbers(text, symbols)
    if len(words) != symbols:
        raise TextError(f"the vocabulary must have a word for each of the network's {symbols:,} symbols, got {len(words):,}")
    known = {word: symbol for symbol, word in enumerate(words)}
    by_character = all(len(word) == 1 or SPECIAL.fullmatch(word) for word in words)
    tokens = list(text) if by_character else _split(text, known)
    if not tokens:
        raise TextError("a text to read must have at least one token, got none")
    unknown = next((known[one] for one in UNKNOWN if one in known), None)
    strange = [token for token in dict.fromkeys(tokens) if token not in known]
    if strange and unknown is None:
        raise TextError(
            f"the network knows no {', '.join(map(shown, strange[:5]))}, and has no symbol for what it does not know"
        )
    return [known.get(token, unknown if unknown is not None else 0) for token in tokens], tokens


def _split(text: str, known: dict[str, int]) -> list[str]:
    """Return the words of a text, as they are where the network knows them so, else as our own tokeniser splits them."""
    plain = text.split()
    return plain if all(word in known for word in plain) else list(tokenise(text))


def _numbers(text: str, symbols: int) -> tuple[list[int], list[str]]:
    tokens = text.replace(",", " ").split()
    wrong = next((token for token in tokens if not token.isdigit() or int(token) >= symbols), None)
    if wrong is not None or not tokens:
        got = "none" if wrong is None else shown(wrong)
        raise TextError(
            f"without a vocabulary a text is whole numbers from 0 to {symbols - 1:,}, with blanks between, got {got}"
        )
    return [int(token) for token in tokens], tokens
