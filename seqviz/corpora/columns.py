"""Which columns of a table hold a sentence and its translation."""

import csv
import io
import re
from collections.abc import Sequence

from seqviz.errors import TextError
from seqviz.registry import shown

MOST = 0.9  # of its cells must be of a kind, for a column to be of it
LOOKED_AT = 500  # rows, to tell what columns are
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?%?")
CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")  # eng, fr, pt-BR
CREDIT = re.compile(r"CC-BY|tatoeba\.org|https?://|creativecommons", re.IGNORECASE)
FEW_CODES = 3  # different ones in a column of language codes
HEADERS = frozenset(
    """source target src tgt src_text tgt_text sentence sentences translation translations text text1 text2 sentence1 sentence2
    input output id line index lang language source_lang target_lang english french german spanish italian portuguese dutch
    russian chinese japanese korean arabic hebrew hindi bengali tamil telugu vietnamese thai turkish polish czech swedish
    original reference en fr de es it pt nl ru zh ja ko ar he hi bn ta te vi th tr pl cs sv score label""".split()  # noqa: SIM905
)

Rows = list[tuple[int, list[str]]]  # the number of each line, and its cells


def table_of(name: str, lines: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of sentences in the lines of a file: the two columns that hold sentences, without a header.

    Columns of numbers, of language codes and of credits are left out, as Tatoeba's and Anki's files have them; of three and
    more columns of sentences it takes the first two. Cells may be quoted as spreadsheets do; without a tab in the file,
    columns may be apart by commas or semicolons.

    Raises:
        TextError: a line has one column alone, or there are not two columns of sentences.
    """
    rows = _rows(name, lines)
    rows = rows[1:] if rows and _is_header(rows[0][1]) else rows
    if not rows:
        return []
    width = min(len(cells) for _, cells in rows)
    held = [column for column in range(width) if not _is_aside([cells[column] for _, cells in rows[:LOOKED_AT]])]
    if len(held) < 2:
        raise TextError(
            f"{shown(name)} must have two columns of sentences, but of its {width} columns {len(held) or 'none'} "
            f"{'is' if len(held) == 1 else 'are'} of sentences: {shown('  '.join(rows[0][1]))}"
        )
    return [(cells[held[0]], cells[held[1]]) for _, cells in rows]


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


def _is_aside(cells: Sequence[str]) -> bool:
    """Return whether a column holds no sentences: numbers, language codes or credits."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return False
    if all(map(CODE.fullmatch, filled)) and len(set(filled)) <= FEW_CODES < len(filled):
        return True
    return any(sum(bool(find(cell)) for cell in filled) >= MOST * len(filled) for find in (NUMBER.fullmatch, CREDIT.search))
