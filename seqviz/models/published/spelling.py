"""Tokens that are bytes in disguise, as GPT-2's and RoBERTa's are, shown as the characters that they spell."""

from collections.abc import Sequence
from functools import cache

SHOWN = (*range(33, 127), *range(161, 173), *range(174, 256))  # bytes that stand for themselves; others take the next free sign


@cache
def _bytes() -> dict[str, int]:
    """Return the byte behind each sign in which such a tokenizer writes it.

    Source:
        Radford et al. (2019), encoder.py of https://github.com/openai/gpt-2
    """
    hidden = [one for one in range(256) if one not in SHOWN]
    return {chr(one): one for one in SHOWN} | {chr(256 + at): one for at, one in enumerate(hidden)}


def spelt(tokens: Sequence[str]) -> tuple[str, ...]:
    """Return tokens as they can be read; of a character that several share, each says which part of it it is.

    Bytes that spell no character are written as numbers; a token that holds other signs is shown as it is.

    >>> spelt(["The", "\u0120caf\u00c3\u00a9"]), spelt(["\u00e6", "\u013f", "\u00b1"])
    (('The', ' café'), ('東 1/3', '東 2/3', '東 3/3'))
    >>> spelt(["<s>", "\u00e6"])
    ('<s>', '0xE6')
    """
    known = _bytes()
    parts = [bytes(known[one] for one in token) if all(one in known for one in token) else token.encode() for token in tokens]
    owner = [index for index, part in enumerate(parts) for _ in part]
    told, whole, at = [""] * len(parts), b"".join(parts), 0
    while at < len(whole):
        size = _size(whole, at)
        owners = list(dict.fromkeys(owner[at : at + max(size, 1)]))
        character = whole[at : at + size].decode() if size else f"0x{whole[at]:02X}"
        for place, index in enumerate(owners, start=1):
            told[index] += character if len(owners) == 1 else f"{character} {place}/{len(owners)}"
        at += max(size, 1)
    return tuple(told)


def _size(whole: bytes, at: int) -> int:
    """Return how many bytes the character that begins ``at`` has; 0 where none does."""
    for size in range(1, 5):
        try:
            whole[at : at + size].decode()
        except UnicodeDecodeError:
            continue
        return size if at + size <= len(whole) else 0
    return 0
