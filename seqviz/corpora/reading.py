"""Files of text as people have them: packed or not, in any Unicode encoding, with any line ends."""

import bz2
import codecs
import gzip
import html
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from seqviz.errors import TextError
from seqviz.registry import shown

# How packed files begin, whatever their names say, what they are called, and what opens them.
PACKED: Mapping[bytes, tuple[str, Callable[..., Any]]] = {
    b"\x1f\x8b": ("gzip", gzip.open), b"BZh": ("bzip2", bz2.open), b"\xfd7zXZ\0": ("xz", lzma.open),
}  # fmt: skip
ZIP = b"PK\x03\x04"
# Byte order marks; that of UTF-32 begins as that of UTF-16 does, so it is looked for first.
MARKS = {
    codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF32_LE: "utf-32-le", codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be",
}  # fmt: skip
LOOKED_AT = 4000  # bytes or characters, to tell what a file is
WEB_PAGE = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
ESCAPES = re.compile(r"&(?:apos|quot|amp|lt|gt|#\d+|bar|bra|ket);")  # as Moses's tokeniser writes signs that it needs itself
OLD_ESCAPES = {"&bar;": "|", "&bra;": "[", "&ket;": "]"}
BROKEN = re.compile(r"@@ ")  # where subword-nmt has cut a word


def texts_of(name: str, content: bytes, limit: int, left: int | None = None) -> list[tuple[str, str]]:
    """Return the text in a file, or the texts of a zip archive, with their names.

    Args:
        name: of the file.
        content: its bytes.
        limit: the most bytes, unpacked, that this server takes.
        left: of them, where other files have had their share.

    Raises:
        TextError: it cannot be unpacked or is too large, is no text in Unicode, or a web page.
    """
    left = limit if left is None else left
    files = _members(name, content, left) if content.startswith(ZIP) else [(name, _unpacked(name, content, left))]
    if sum(len(raw) for _, raw in files) > left:
        raise TextError(f"files may have at most {limit:,} bytes unpacked on this server, {shown(name)} goes beyond")
    return [(inside, _text(inside, raw)) for inside, raw in files]


def is_plain(content: bytes) -> bool:
    """Return whether a file is neither packed nor in another encoding than UTF-8, by how it begins."""
    return not content.startswith((*PACKED, ZIP)) and _encoding(content)[0] == "utf-8"


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, as an editor numbers them: U+2028 and the like are part of a line.

    Where lines end in a line feed, a carriage return alone inside a line is a blank.

    >>> lines_of("a one\\nb two \\r more\\r\\nc\\n")
    ['a one', 'b two   more', 'c']
    """
    whole = text.replace("\r\n", "\n")
    lines = (whole.replace("\r", " ") if "\n" in whole else whole.replace("\r", "\n")).split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def undone(line: str) -> str:
    """Return a line as it was before a tokeniser: Moses's escapes, subword-nmt's and SentencePiece's cuts undone.

    >>> undone("it &apos;s un@@ believ@@ able , multi @-@ modal"), undone("▁un believ able ▁work")
    ("it 's unbelievable , multi-modal", 'unbelievable work')
    """
    if "&" in line:
        line = ESCAPES.sub(lambda found: OLD_ESCAPES.get(found[0], html.unescape(found[0])), line)
    if "@" in line:
        line = BROKEN.sub("", line).replace(" @-@ ", "-")
    return line.replace(" ", "").replace("▁", " ").strip() if "▁" in line else line


def _unpacked(name: str, content: bytes, limit: int) -> bytes:
    """Unpack no more than a byte beyond the limit, so that a small file cannot fill the memory."""
    kind = next((kind for start, kind in PACKED.items() if content.startswith(start)), None)
    if kind is not None:
        called, opened = kind
        try:
            with opened(io.BytesIO(content)) as file:
                return bytes(file.read(limit + 1))
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            raise TextError(f"{shown(name)} is a {called} file, but cannot be unpacked: {error}") from error
    return content


def _members(name: str, content: bytes, limit: int) -> list[tuple[str, bytes]]:
    """Return the files in a zip archive, without those that an archiver of macOS adds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
            found = list[tuple[str, bytes]]()
            for one in inside[:3]:  # more than two are refused: there is no need to unpack them
                with archive.open(one) as file:
                    found.append((one.filename, file.read(limit + 1 - sum(len(raw) for _, raw in found))))
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise TextError(f"{shown(name)} is a zip file, but cannot be unpacked: {error}") from error


def _text(name: str, raw: bytes) -> str:
    encoding, mark = _encoding(raw)
    try:
        text = raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        said = f"the byte 0x{raw[len(mark) + error.start]:02x} at position {len(mark) + error.start}"
        raise TextError(f"{shown(name)} must be {encoding.upper()}, but {said} is not") from error
    if "\0" in text:
        raise TextError(f"{shown(name)} must be plain text, got a binary file (a zero byte at position {text.index(chr(0))})")
    if WEB_PAGE.match(text[:LOOKED_AT]):
        raise TextError(f"{shown(name)} is a web page, not its data: download the file that the page offers, and give that")
    return text


def _encoding(raw: bytes) -> tuple[str, bytes]:
    """Return the encoding of a text and its byte order mark; without one, where zero bytes are tells UTF-16 and UTF-32."""
    for mark, encoding in MARKS.items():
        if raw.startswith(mark):
            return encoding, mark
    start = raw[: LOOKED_AT - LOOKED_AT % 4]
    zeros = [
        start[place::4].count(0) * 4 / max(1, len(start)) for place in range(4)
    ]  # the share of zeros at each place of four
    for encoding, wanted in WITHOUT_MARK.items():
        if all(share > 0.5 if zero else share < 0.2 for share, zero in zip(zeros, wanted, strict=True)):
            return encoding, b""
    return "utf-8", b""


# Which of four bytes are mostly zero in a text of a Western script.
WITHOUT_MARK = {
    "utf-32-le": (False, True, True, True), "utf-32-be": (True, True, True, False),
    "utf-16-le": (False, True, False, True), "utf-16-be": (True, False, True, False),
}  # fmt: skip
