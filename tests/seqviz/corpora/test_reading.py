"""Text is read however it is packed and encoded, and what is no text is said."""

import bz2
import gzip
import io
import lzma
import zipfile

import pytest

from seqviz.corpora.reading import lines_of, texts_of
from seqviz.errors import TextError

TEXT = "a line\nune ligne où\nдом\n" * 3


def zipped(*files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def read(content, name="any.name", limit=10_000):
    ((_, text),) = texts_of(name, content, limit)
    return text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_any_encoding_with_its_mark(encoding):
    assert read(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("marked", [True, False])
def test_wide_encodings_of_either_order_with_a_mark_or_without(encoding, marked):
    text = "A spreadsheet wrote this.\tUn tableur a écrit cela.\n"
    assert read((("\ufeff" if marked else "") + text).encode(encoding)) == text


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda content: zipped(("inside.txt", content))])
def test_packed_whatever_the_name(pack):
    assert read(pack(TEXT.encode()), "corpus.en") == TEXT
    assert read(TEXT.encode(), "corpus.en.gz") == TEXT


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda content: zipped(("inside.txt", content))])
def test_a_small_file_that_unpacks_beyond_the_limit_is_refused(pack):
    with pytest.raises(TextError, match="at most 1,000 bytes unpacked on this server, 'bomb' goes beyond"):
        read(pack(b"x" * 1_000_000), "bomb", 1000)


@pytest.mark.parametrize(
    ("content", "words"),
    [  # a packed file holds the time: its bytes are no name for a test
        (gzip.compress(TEXT.encode() * 9)[:-20], "is a gzip file, but cannot be unpacked"),
        (bz2.compress(TEXT.encode() * 9)[:-20], "is a bzip2 file, but cannot be unpacked"),
        (lzma.compress(TEXT.encode() * 9)[:-20], "is a xz file, but cannot be unpacked"),
        (zipped(("a", TEXT))[:-30], "is a zip file, but cannot be unpacked"),
        (b"caf\xe9 cr\xe8me", "must be UTF-8, but the byte 0xe9 at position 3 is not"),
        (b"\xff\xfea\0b", "must be UTF-16-LE, but the byte 0x62 at position 4 is not"),
        (b"text and \0 then", "must be plain text, got a binary file .a zero byte at position 9."),
        (b"  <!DOCTYPE html><html>", "is a web page, not its data"),
        (b"<?xml version='1.0'?>\n<HTML xmlns='x'>", "is a web page, not its data"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_text_is_said(content, words):
    with pytest.raises(TextError, match=words):
        read(content)


def test_a_text_about_web_pages_is_a_text():
    assert read(b"the tag <html> begins a page") == "the tag <html> begins a page"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\n\n", ["a", ""]), ("a\r\nb\rc\nd", ["a", "b c", "d"]),
        ("a\rb\r", ["a", "b"]), ("a\u2028b\nc", ["a\u2028b", "c"]), ("\n\na", ["", "", "a"]),
    ],
)  # fmt: skip
def test_lines_are_those_of_an_editor(text, lines):
    assert lines_of(text) == lines
