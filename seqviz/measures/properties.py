"""Properties of a text that a unit of a network may follow, without torch.

Every property is of what has been read up to and including a character, never of what comes after: right after an
opening quote the reader is inside quotes, right after the closing one no longer. Python's own rules apply (strings,
comments, brackets); an apostrophe inside a word opens no string, so that prose works too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

# What hides what: a comment or string is taken whole, so that brackets and quotes inside it mean nothing.
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)"""
    r"""|(?<!\w)(?P<prefix>[rbfuRBFU]{0,2})(?:"""
    r'''(?P<triple>"""(?:\\.|[^\\])*?(?:"""|\Z)|\'\'\'(?:\\.|[^\\])*?(?:\'\'\'|\Z))'''
    r"""|(?P<quote>"(?:\\.|[^"\\\n])*(?:"|(?=\n)|\\?\Z)|'(?:\\.|[^'\\\n])*(?:'|(?=\n)|\\?\Z)))"""
    r"""|(?P<open>[(\[{])|(?P<close>[)\]}])""",
    re.DOTALL,
)
_CONDITION = re.compile(r"^[ \t]*(?:el)?if\b", re.MULTILINE)
_DEFINITION = re.compile(r"\n\n\n(?:d(?=ef )|c(?=lass )|@)")
_LINE = re.compile(r"(?P<blank>[ \t]*)[^\n]*")
_TAB = 8  # columns, as Python counts them


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What is true of a text after each of its characters."""

    quotes: Bool[np.ndarray, " time"]  # in a string that ends on its own line
    docstring: Bool[np.ndarray, " time"]  # in triple quotes
    comment: Bool[np.ndarray, " time"]
    brackets: Int[np.ndarray, " time"]  # how many are open
    condition: Bool[np.ndarray, " time"]  # between ``if`` or ``elif`` and its colon
    indentation: Int[np.ndarray, " time"]  # blank columns that the line begins with, as far as read
    column: Int[np.ndarray, " time"]  # characters of the line read so far


@dataclass(frozen=True)
class Property:
    """One property of a text: what it is called, and where a unit that follows it is high."""

    title: str
    where: str
    yes_or_no: bool


PROPERTIES: Mapping[str, Property] = {  # by the name of the field of Marks
    "quotes": Property("inside quotes", "inside quotes", yes_or_no=True),
    "docstring": Property("inside triple quotes", "inside triple quotes", yes_or_no=True),
    "comment": Property("inside a comment", "inside comments", yes_or_no=True),
    "condition": Property("after if", "between an if and its colon", yes_or_no=True),
    "brackets": Property("bracket depth", "the more brackets are open", yes_or_no=False),
    "indentation": Property("indentation", "the further a line is indented", yes_or_no=False),
    "column": Property("position in the line", "the further along a line it reads", yes_or_no=False),
}


def definition_from(text: str, start: int) -> int:
    """Return where the first top-level definition of Python from ``start`` on begins; ``start`` where there is none.

    A text read from there is surely not read from the middle of a string.
    """
    found = _DEFINITION.search(text, start)
    return found.end() - 1 if found else start


def property_values(text: str) -> Float[np.ndarray, "property time"]:
    """Return every property of :data:`PROPERTIES` after each character of ``text``; yes is 1, no is 0."""
    marks = read_marks(text)
    return np.array([getattr(marks, name) for name in PROPERTIES], dtype=np.float64).reshape(len(PROPERTIES), len(text))


def read_marks(text: str) -> Marks:
    """Return what is true of ``text`` after each of its characters.

    >>> marks = read_marks('f("a")')
    >>> marks.quotes.astype(int).tolist(), marks.brackets.tolist()
    ([0, 0, 1, 1, 0, 0], [0, 1, 1, 1, 1, 0])
    """
    strings = {"quote": np.zeros(len(text), dtype=bool), "triple": np.zeros(len(text), dtype=bool)}
    comment, turns = np.zeros(len(text), dtype=bool), np.zeros(len(text), dtype=np.int64)
    depth = 0
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind in strings:
            strings[kind][found.start(kind) : _last_inside(found, kind)] = True
        elif kind == "comment":
            comment[found.start() : found.end()] = True
        else:
            turn = 1 if kind == "open" else -1 if depth else 0
            turns[found.start()] = turn
            depth += turn
    brackets = np.cumsum(turns)
    hidden = strings["quote"] | strings["triple"] | comment
    indentation, column = _line_marks(text)
    return Marks(
        quotes=strings["quote"], docstring=strings["triple"], comment=comment, brackets=brackets,
        condition=_conditions(text, hidden, brackets), indentation=indentation, column=column,
    )  # fmt: skip


def _last_inside(found: re.Match[str], kind: str) -> int:
    mark = found[kind][:3] if kind == "triple" else found[kind][0]
    closed = len(found[kind]) >= 2 * len(mark) and found[kind].endswith(mark)
    return found.end(kind) - closed


def _conditions(text: str, hidden: np.ndarray, brackets: np.ndarray) -> Bool[np.ndarray, " time"]:
    within = np.zeros(len(text), dtype=bool)
    colons = np.array([at for at, one in enumerate(text) if one == ":" and not hidden[at]], dtype=np.int64)
    for found in _CONDITION.finditer(text):
        last = found.end() - 1
        if hidden[last]:
            continue
        later = colons[np.searchsorted(colons, last) :]
        ends = later[brackets[later] <= brackets[last]]
        within[last : ends[0] if len(ends) else len(text)] = True
    return within


def _line_marks(text: str) -> tuple[Int[np.ndarray, " time"], Int[np.ndarray, " time"]]:
    indentation, column = np.zeros(len(text), dtype=np.int64), np.zeros(len(text), dtype=np.int64)
    for line in _LINE.finditer(text):
        start, end = line.span()
        column[start:end] = np.arange(1, end - start + 1)
        for at in range(start, line.end("blank")):
            before = indentation[at - 1] if at > start else 0
            indentation[at] = before + (_TAB - before % _TAB if text[at] == "\t" else 1)
        if line.end("blank") > start:
            indentation[line.end("blank") : end] = indentation[line.end("blank") - 1]
    return indentation, column
