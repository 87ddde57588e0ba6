"""Uploaded translations: one file with tabs, or two files line by line, plain or gzipped."""

import gzip
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from seqviz.corpora.pair import SentencePair
from seqviz.corpora.text import tokenise
from seqviz.errors import TextError
from seqviz.registry import shown


@dataclass(frozen=True, kw_only=True)
class ParallelLimits:
    """The most that a person's translations may have; of longer sentences and further ones, none is learned from."""

    file_bytes: int = 20_000_000  # of all files together, unpacked
    sentences: int = 200_000
    words: int = 200  # of a sentence


def parallel_pairs(files: Sequence[tuple[str, bytes]], limits: ParallelLimits | None = None) -> list[SentencePair]:
    """Return the sentence pairs of one or two files, tokenised; pairs with an empty side or an overlong one are left out.

    One file holds a pair on each line, source and target apart by a tab, further columns ignored, as Tatoeba's have them.
    Two files hold source and target line by line, as Multi30k's. A name that ends in .gz says that a file is gzipped.

    Args:
        files: names and contents, the source first.
        limits: what this server allows.

    Raises:
        TextError: no file or more than two, too large, not UTF-8, not gzip, a line without a tab, files of unequal
            length, or nothing to learn from.
    """
    limits = limits or ParallelLimits()
    if not files:
        raise TextError("choose a file of translations first, or two; what is larger than the field allows is not taken")
    if len(files) > 2:
        raise TextError(f"translations must come as one file with tabs or as two files line by line, got {len(files)} files")
    texts = _texts(files, limits.file_bytes)
    lines = _by_tabs(*texts) if len(texts) == 1 else _line_by_line(*texts)
    if len(lines) > limits.sentences:
        raise TextError(f"translations may have at most {limits.sentences:,} lines on this server, got {len(lines):,}")
    pairs = [SentencePair(tokenise(source), tokenise(target)) for source, target in lines]
    kept = [pair for pair in pairs if 0 < len(pair.source) <= limits.words and 0 < len(pair.target) <= limits.words]
    if not kept:
        raise TextError(f"{' and '.join(shown(name) for name, _ in files)} must hold a sentence with its translation, got none")
    return kept


def _texts(files: Sequence[tuple[str, bytes]], limit: int) -> list[tuple[str, str]]:
    left, texts = limit, []
    for name, content in files:
        raw = _unpacked(name, content, left) if name.lower().endswith(".gz") else content
        if len(raw) > left:
            raise TextError(f"translations may have at most {limit:,} bytes unpacked on this server, {shown(name)} goes beyond")
        left -= len(raw)
        texts.append((name, _decoded(name, raw)))
    return texts


def _unpacked(name: str, content: bytes, limit: int) -> bytes:
    """Unpack no more than a byte beyond the limit, so that a small file cannot fill the memory."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise TextError(f"{shown(name)} is named a gzip file, but cannot be unpacked: {error}") from error


def _decoded(name: str, raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        raise TextError(f"{shown(name)} must be UTF-8, but the byte 0x{byte:02x} at position {error.start} is not") from error
    if "\0" in text:
        raise TextError(f"{shown(name)} must be plain text, got a binary file (a zero byte at position {text.index(chr(0))})")
    return text.removeprefix("\ufeff")


def _lines(text: str) -> list[str]:
    """Split at line ends only: U+2028 and the like are part of a sentence."""
    lines = re.split(r"\r\n|\n|\r", text)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _by_tabs(file: tuple[str, str]) -> list[tuple[str, str]]:
    name, text = file
    pairs = []
    for number, line in enumerate(_lines(text), start=1):
        if not line.strip():
            continue
        columns = line.split("\t")
        if len(columns) < 2:
            raise TextError(
                f"each line of {shown(name)} must have a sentence, a tab and its translation, but line {number:,} has no tab: "
                f"{shown(line)}"
            )
        pairs.append((columns[0], columns[1]))
    return pairs


def _line_by_line(source: tuple[str, str], target: tuple[str, str]) -> list[tuple[str, str]]:
    (here, text), (there, translation) = source, target
    lines, translations = _lines(text), _lines(translation)
    if len(lines) != len(translations):
        raise TextError(
            f"two files must have the same number of lines, but {shown(here)} has {len(lines):,} and {shown(there)} has "
            f"{len(translations):,}"
        )
    return list(zip(lines, translations, strict=True))
