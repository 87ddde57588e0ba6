"""The properties after each character agree with Python's tokenizer, and with what a reader sees."""

import io
import keyword
import sysconfig
import tokenize
from pathlib import Path

import numpy as np
import pytest

from seqviz.measures.properties import PROPERTIES, Marks, property_values, read_marks

MODULES = ("bisect", "calendar", "colorsys", "copy", "fnmatch", "heapq", "textwrap", "shlex", "this")


def test_strings_comments_and_brackets_agree_with_pythons_own_tokenizer():
    for module in MODULES:
        text = (Path(sysconfig.get_path("stdlib")) / f"{module}.py").read_text()
        marks, expected = read_marks(text), by_tokenizer(text)
        for name, values in expected.items():
            found = getattr(marks, name)
            wrong = np.flatnonzero(found != values)
            assert not len(wrong), f"{module}: {name} at {wrong[0]}: {text[wrong[0] - 30 : wrong[0] + 10]!r}"


def by_tokenizer(text: str) -> dict[str, np.ndarray]:
    """The same marks, from tokenize: a string or comment holds from its first mark to before its last character."""
    starts = np.cumsum([0, *(len(line) for line in text.splitlines(keepends=True))])
    quotes, docstring, comment = (np.zeros(len(text), dtype=bool) for _ in range(3))
    turns = np.zeros(len(text), dtype=int)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        start, end = starts[token.start[0] - 1] + token.start[1], starts[token.end[0] - 1] + token.end[1]
        if token.type == tokenize.STRING:
            opening = start + min(token.string.find(mark) for mark in "\"'" if mark in token.string)
            triple = text[opening : opening + 3] in ('"""', "'''")
            (docstring if triple else quotes)[opening : end - 1] = True
        elif token.type == tokenize.COMMENT:
            comment[start:end] = True
        elif token.type == tokenize.OP and token.string in "([{)]}":
            turns[start] = 1 if token.string in "([{" else -1
    return {"quotes": quotes, "docstring": docstring, "comment": comment, "brackets": np.cumsum(turns)}


def holds(text: str, name: str) -> str:
    """The characters after which the property holds."""
    return "".join(one for one, value in zip(text, getattr(read_marks(text), name), strict=True) if value)


@pytest.mark.parametrize(
    ("text", "name", "where"),
    [
        ('x = "a#b" # c', "quotes", '"a#b'),
        ('x = "a#b" # c', "comment", "# c"),
        ("f'{a}' b'\\'' r''", "quotes", "'{a}'\\''"),
        ("'open\nnext", "quotes", "'open"),
        ("'''a\nb''' c", "docstring", "'''a\nb''"),
        ('"""never closed', "docstring", '"""never closed'),
        ("don't stop, won't", "quotes", ""),
        ("if a[1:2] == ':':\n  if b", "condition", "if a[1:2] == ':'".removeprefix("i") + "f b"),
        ("elif x:", "condition", "f x"),
        ("iffy = x if y else z", "condition", ""),
        ("# if a:\n'''\nif b:'''", "condition", ""),
    ],
)
def test_a_property_holds_where_one_sees_it(text, name, where):
    assert holds(text, name) == where


def test_numbers_are_of_what_has_been_read_so_far():
    marks = read_marks("a\n  b(\n\tc")
    assert marks.column.tolist() == [1, 0, 1, 2, 3, 4, 0, 1, 2]
    assert marks.indentation.tolist() == [0, 0, 1, 2, 2, 2, 0, 8, 8]
    assert marks.brackets.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_a_bracket_that_was_never_opened_closes_nothing():
    assert read_marks(")](").brackets.tolist() == [0, 0, 1]


def test_nothing_depends_on_what_comes_later():
    text = 'if a:\n    s = "x" # y\n    g(1, [2])\n'
    whole = property_values(text)
    for end in range(1, len(text)):
        np.testing.assert_array_equal(property_values(text[:end]), whole[:, :end])


def test_every_property_has_its_mark_and_its_values():
    values = property_values("a = 1")
    assert set(PROPERTIES) == set(Marks.__dataclass_fields__)
    assert values.shape == (len(PROPERTIES), 5)
    assert property_values("").shape == (len(PROPERTIES), 0)
    assert not any(keyword.iskeyword(name) for name in PROPERTIES)
