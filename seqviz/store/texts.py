"""Texts and sentences to learn from, named by their content."""

import hashlib
import re
import sys
import sysconfig
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from seqviz.corpora import SentencePair, pairs_as_text
from seqviz.corpora.reading import is_plain, texts_of
from seqviz.errors import MissingTextError, TextError
from seqviz.store.files import Files

TEXTS = "texts"
NAME = re.compile(r"python-[0-9.]{1,12}-[0-9a-f]{12}|(?:text|pairs)-[0-9a-f]{16}")
CORPUS_BYTES = 1_000_000
LARGEST_MODULE = 60_000  # so that no single module fills the corpus
ALLOWED_CONTROLS = frozenset("\t\n\f\v")


class Texts:
    """The texts of one store.

    Names are ``text-<16 hex digits>``, ``pairs-<16 hex digits>`` for sentences with their translations, or
    ``python-<version>-<12 hex digits>``.
    """

    def __init__(self, places: tuple[Files, ...], limit_bytes: int) -> None:
        self._places = places  # the first is written to
        self._limit = limit_bytes

    def add(self, content: bytes | str) -> str:
        """Keep a text and return its name; the same text has the same name everywhere.

        A byte order mark is dropped and line ends become ``\\n``. A file may be packed (gzip, bzip2, xz, zip), and in UTF-8,
        16 or 32.

        Raises:
            TextError: empty, too large, not UTF-8, binary, or of a single character.
            StoreError: it cannot be written.
        """
        text = readable(content, self._limit)
        name = f"text-{_digest(text, 16)}"
        self._keep(name, text)
        return name

    def add_pairs(self, pairs: Sequence[SentencePair]) -> str:
        """Keep sentences with their translations and return their name; the same words have the same name everywhere.

        Raises:
            StoreError: they cannot be written.
        """
        text = pairs_as_text(pairs)
        name = f"pairs-{_digest(text, 16)}"
        self._keep(name, text)
        return name

    def read(self, name: str) -> str:
        """Return the text called ``name``; ``python`` is this Python's own standard library.

        Raises:
            MissingTextError: this server does not have it; the message says which text it is.
        """
        if name == "python" or (name.startswith("python-") and name == standard_library_name()):
            return standard_library()
        for place in self._places if NAME.fullmatch(name) else ():
            content = place.read(f"{TEXTS}/{name}.txt")
            if content is not None and name.endswith(
                _digest(content.decode(errors="replace"), 12 if name.startswith("python") else 16)
            ):
                return content.decode()
        raise MissingTextError(_missing(name))

    def resolve(self, name: str) -> str:
        """Return the name by content: ``python`` becomes the exact name of this Python's standard library, which is kept.

        Raises:
            MissingTextError: this server does not have it.
        """
        if name == "python":
            name = standard_library_name()
            self._keep(name, standard_library())  # so that runs on it outlive an upgrade of Python
            return name
        self.read(name)
        return name

    def _keep(self, name: str, text: str) -> None:
        path = f"{TEXTS}/{name}.txt"
        if all(place.read(path) is None for place in self._places):
            self._places[0].write(path, text.encode())


def readable(content: bytes | str, limit: int) -> str:
    """Return ``content`` as a text that can be learned from.

    Raises:
        TextError: empty, over ``limit`` bytes, not UTF-8, binary, or of a single character.
    """
    raw = _encoded(content if isinstance(content, str) or is_plain(content) else _only_text(content, limit))
    if len(raw) > limit:
        raise TextError(f"a text may have at most {limit:,} bytes on this server, got {len(raw):,}")
    text = _decoded(raw).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    strange = next((at for at, one in enumerate(text) if one < " " and one not in ALLOWED_CONTROLS), None)
    if strange is not None:
        raise TextError(
            f"a text must be plain text in UTF-8, got a binary file (character {text[strange]!r} at position {strange})"
        )
    if len(set(text)) < 2:
        got = "an empty one" if not text else f"only {text[0]!r}"
        raise TextError(f"a text to learn from needs at least two different characters, got {got}")
    return text


def _only_text(content: bytes, limit: int) -> str:
    """Return the text in a file that is packed or in UTF-16 or UTF-32."""
    texts = texts_of("this file", content, limit)
    if len(texts) != 1:
        raise TextError(f"an archive must hold one text, got {len(texts)} files")
    return texts[0][1]


def _encoded(content: bytes | str) -> bytes:
    if isinstance(content, bytes):
        return content
    try:
        return content.encode()
    except UnicodeEncodeError as error:
        raise TextError(f"a text must be valid Unicode, got half a character at position {error.start}") from error


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise TextError(
            f"a text must be UTF-8, got the byte 0x{raw[error.start]:02x} at position {error.start}, which is not"
        ) from error


@cache
def standard_library() -> str:
    """Return a corpus of at most 1 MB from the source of the running Python's own standard library.

    Top-level modules in alphabetical order, those in ASCII and of ordinary size;
    the same wherever one version of Python was installed unchanged.

    Raises:
        MissingTextError: this Python came without its source.
    """
    modules, size = [], 0
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        source = path.read_bytes().replace(b"\r\n", b"\n")
        if len(source) > LARGEST_MODULE or not source.isascii() or path.name.startswith("_sysconfigdata"):
            continue
        if size + len(source) > CORPUS_BYTES:
            break
        modules.append(source.decode("ascii"))
        size += len(source)
    if not modules:
        raise MissingTextError("this Python came without the source of its standard library, so there is nothing to learn from")
    return "".join(modules)


@cache
def standard_library_name() -> str:
    """Return the name of this Python's standard library as a text."""
    return f"python-{_version()}-{_digest(standard_library(), 12)}"


def _version() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def _missing(name: str) -> str:
    if name.startswith("pairs-"):
        return f"this server does not have the sentences {name}; give the same file here, and the link will work"
    if not name.startswith("python-"):
        return f"this server does not have the text {name}; add the same text here, and the link will work"
    version = name.split("-")[1]
    here = f"this server runs Python {_version()}"
    if version == _version():
        here += ", whose source was installed differently"
    return f"the text {name} is the standard library of Python {version}, which this server does not have: {here}"
