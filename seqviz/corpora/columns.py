"""A table of sentences: what its columns seem to hold, and the two that a person means."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from seqviz.errors import TextError
from seqviz.registry import shown

MOST = 0.9  # of its cells must be of a kind, for a column to be of it
LOOKED_AT = 500  # rows, to tell what columns are
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?%?")
CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")  # eng, fr, pt-BR
CREDIT = re.compile(r"CC-BY|tatoeba\.org|https?://|creativecommons", re.IGNORECASE)
FEW_CODES = 3  # different ones in a column of language codes
SENTENCES = "sentences"  # what a column holds; else numbers, language codes, credits, or
SAME = "the same in every line"
HEADERS = frozenset(
    """source target src tgt src_text tgt_text sentence sentences translation translations text text1 text2 sentence1 sentence2
    input output id line index lang language source_lang target_lang english french german spanish italian portuguese dutch
    russian chinese japanese korean arabic hebrew hindi bengali tamil telugu vietnamese thai turkish polish czech swedish
    original reference en fr de es it pt nl ru zh ja ko ar he hi bn ta te vi th tr pl cs sv score label""".split()  # noqa: SIM905
)

Rows = list[tuple[int, list[str]]]  # the number of each line, and its cells


class Columns(NamedTuple):
    """The columns that hold the sentences and their translations, from 0, and whether the first line is a header."""

    source: int
    target: int
    header: bool


@dataclass(frozen=True)
class Table:
    """The lines of a file, cut into cells."""

    name: str
    rows: Rows
    kinds: tuple[str, ...]  # what each column seems to hold: of the columns that every line has
    header: bool  # whether the first line seems to be one

    @property
    def held(self) -> list[int]:
        """The columns that seem to hold sentences; one text that every line has is none where two others are."""
        varied = [column for column, kind in enumerate(self.kinds) if kind == SENTENCES]
        return varied if len(varied) > 1 else [at for at, kind in enumerate(self.kinds) if kind in (SENTENCES, SAME)]

    @property
    def is_clear(self) -> bool:
        """Whether just two columns hold sentences, so that there is nothing to ask."""
        return len(self.held) == 2

    @property
    def likely(self) -> Columns:
        """The first two columns of sentences.

        Raises:
            TextError: there are not two.
        """
        held = self.held
        if len(held) < 2:
            raise TextError(
                f"{shown(self.name)} must have two columns of sentences, but of its {len(self.kinds)} columns "
                f"{len(held) or 'none'} {'is' if len(held) == 1 else 'are'} of sentences: {shown('  '.join(self.rows[0][1]))}"
            )
        return Columns(held[0], held[1], self.header)

    def pairs(self, columns: Columns | None = None) -> list[tuple[str, str]]:
        """Return the sentences and translations in ``columns``, or in the likely ones.

        Raises:
            TextError: a column that the table does not have is asked for, or there are not two of sentences.
        """
        if not self.rows:
            return []
        source, target, header = columns or self.likely
        if min(source, target) < 0 or max(source, target) >= len(self.kinds):
            raise TextError(f"{shown(self.name)} has columns 1 to {len(self.kinds)}, got {source + 1} and {target + 1}")
        return [(cells[source], cells[target]) for _, cells in self.rows[header:]]


def table_of(name: str, lines: Sequence[str]) -> Table:
    """Return the lines of a file as a table, with what its columns seem to hold.

    Columns of numbers, of language codes, of credits and of one text that every line has are told from those of sentences, as
    Tatoeba's and Anki's files have them. Cells may be quoted as spreadsheets do; without a tab in the file, columns may be
    apart by commas or semicolons.

    Raises:
        TextError: a line has one column alone.
    """
    rows = _rows(name, lines)
    header = len(rows) > 0 and _is_header(rows[0][1])
    looked_at = [cells for _, cells in rows[header : LOOKED_AT + header]]
    width = min((len(cells) for _, cells in rows[header:]), default=0)
    return Table(name, rows, tuple(_kind([cells[column] for cells in looked_at]) for column in range(width)), header)


def _rows(name: str, lines: Sequence[str]) -> Rows:
    filled = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    mark = next((mark for mark in ";," if _is_apart_by(mark, [line for _, line in filled])), "\t")
    quoted = mark != "\t" or _is_quoted([line for _, line in filled])
    rows = [(number, _cells(line, mark) if quoted else line.split(mark)) for number, line in filled]
    for number, cells in rows:
        if len(cells) < 2:
            raise TextError(
                f"each line of {shown(name)} must have a sentence, a tab and its translation, but line {number:,} has no tab: "
                f"{shown(cells[0] if cells else '')}"
            )
    return rows


def _cells(line: str, mark: str) -> list[str]:
    return next(csv.reader(io.StringIO(line), delimiter=mark), [])


def _is_apart_by(mark: str, lines: Sequence[str]) -> bool:
    """Return whether every line has the same two or more cells by ``mark``, some of them quoted, or a header above them."""
    if not lines or any("\t" in line for line in lines):
        return False
    counts = {len(_cells(line, mark)) for line in lines[:LOOKED_AT]}
    told = any('"' in line for line in lines[:LOOKED_AT]) or _is_header(_cells(lines[0], mark))
    return len(counts) == 1 and counts.pop() >= 2 and told


def _is_quoted(lines: Sequence[str]) -> bool:
    """Return whether cells that begin with a quotation mark all end with one, and hold others only in pairs."""
    cells = [cell for line in lines[:LOOKED_AT] for cell in line.split("\t") if cell.startswith('"')]
    return bool(cells) and all(len(cell) > 1 and cell.endswith('"') and cell[1:-1].count('"') % 2 == 0 for cell in cells)


def _is_header(cells: Sequence[str]) -> bool:
    names = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in cells]
    return len(names) > 1 and all(name in HEADERS for name in names)


def _kind(cells: Sequence[str]) -> str:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return SENTENCES
    if all(map(CODE.fullmatch, filled)) and len(set(filled)) <= FEW_CODES < len(filled):
        return "language codes"
    for kind, find in (("numbers", NUMBER.fullmatch), ("credits", CREDIT.search)):
        if sum(bool(find(cell)) for cell in filled) >= MOST * len(filled):
            return kind
    return SAME if len(set(filled)) == 1 and len(filled) > FEW_CODES else SENTENCES
