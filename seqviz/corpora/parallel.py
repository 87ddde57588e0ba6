"""Uploaded translations: one table, or two files line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from seqviz.corpora.columns import SENTENCES, Columns, Table, table_of
from seqviz.corpora.pair import SentencePair
from seqviz.corpora.reading import lines_of, texts_of, undone
from seqviz.corpora.text import tokenise
from seqviz.errors import TextError
from seqviz.registry import shown


@dataclass(frozen=True, kw_only=True)
class ParallelLimits:
    """The most that a person's translations may have; of longer sentences and further ones, none is learned from."""

    file_bytes: int = 20_000_000  # of all files together, unpacked
    sentences: int = 200_000
    words: int = 200  # of a sentence


def parallel_pairs(
    files: Sequence[tuple[str, bytes]], limits: ParallelLimits | None = None, *, columns: Columns | None = None
) -> list[SentencePair]:
    """Return the sentence pairs of one or two files, tokenised; pairs with an empty side or an overlong one are left out.

    One file is a table with a pair in each line, as Tatoeba's and Anki's are; two files, or a zip archive of two, hold source
    and target line by line, as Multi30k's. They may be packed (gzip, bzip2, xz, zip), and of any Unicode encoding.

    Args:
        files: names and contents, the source first.
        limits: what this server allows.
        columns: of a table, those to learn from; None for the first two that hold sentences.

    Raises:
        TextError: no file or more than two, too large, no text in Unicode, a web page, a line of one column, files of
            unequal length, or nothing to learn from.
    """
    limits = limits or ParallelLimits()
    texts = _texts(files, limits.file_bytes)
    lines = _table(texts).pairs(columns) if len(texts) == 1 else _line_by_line(*texts)
    if len(lines) > limits.sentences:
        raise TextError(f"translations may have at most {limits.sentences:,} lines on this server, got {len(lines):,}")
    pairs = [SentencePair(tokenise(undone(source)), tokenise(undone(target))) for source, target in lines]
    kept = [pair for pair in pairs if 0 < len(pair.source) <= limits.words and 0 < len(pair.target) <= limits.words]
    if not kept:
        raise TextError(f"{' and '.join(shown(name) for name, _ in files)} must hold a sentence with its translation, got none")
    return kept


def parallel_table(files: Sequence[tuple[str, bytes]], limits: ParallelLimits) -> Table:
    """Return one file's table, or two files line by line as the two columns of one.

    Raises:
        TextError: as :func:`parallel_pairs` does.
    """
    texts = _texts(files, limits.file_bytes)
    if len(texts) == 1:
        return _table(texts)
    rows = [(number, list(pair)) for number, pair in enumerate(_line_by_line(*texts), start=1)]
    return Table(texts[0][0], rows, (SENTENCES, SENTENCES), header=False)


def _table(texts: Sequence[tuple[str, str]]) -> Table:
    [(name, text)] = texts
    return table_of(name, lines_of(text))


def _texts(files: Sequence[tuple[str, bytes]], limit: int) -> list[tuple[str, str]]:
    if not files:
        raise TextError("choose a file of translations first, or two; what is larger than the field allows is not taken")
    texts, left = list[tuple[str, str]](), limit
    for name, content in files:
        found = texts_of(name, content, limit, left)
        left -= sum(len(text.encode()) for _, text in found)
        texts += found
    if len(texts) > 2:
        raise TextError(f"translations must come as one file with tabs or as two files line by line, got {len(texts)} files")
    return texts


def _line_by_line(source: tuple[str, str], target: tuple[str, str]) -> list[tuple[str, str]]:
    (here, text), (there, translation) = source, target
    lines, translations = lines_of(text), lines_of(translation)
    for longer, shorter in ((lines, translations), (translations, lines)):
        while len(longer) > len(shorter) and not longer[-1].strip():  # blank lines at the end are no sentences without a pair
            longer.pop()
    if len(lines) != len(translations):
        raise TextError(
            f"two files must have the same number of lines, but {shown(here)} has {len(lines):,} and {shown(there)} has "
            f"{len(translations):,}"
        )
    return list(zip(lines, translations, strict=True))
