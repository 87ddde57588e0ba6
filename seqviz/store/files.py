"""Files below one URL, on a disk or in a bucket: whole reads, atomic writes, and errors a person can act on."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from seqviz.errors import StoreError

FULL = {errno.ENOSPC, errno.EDQUOT}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
TAKEN = {errno.ENOTEMPTY, errno.EEXIST}


class Files:
    """The files below ``url``, named by paths relative to it.

    Raises:
        StoreError: there is no such kind of URL.
    """

    def __init__(self, url: str) -> None:
        try:
            self._system, self._root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except (ValueError, ImportError) as error:
            raise StoreError(f"store.url must be a folder or a URL that fsspec knows, got {url!r}: {error}") from error
        self._local = isinstance(self._system, LocalFileSystem)
        self.url = self._root if self._local else url

    def read(self, path: str) -> bytes | None:
        """Return the whole content of ``path``, or None where there is no such file."""
        with self._told("reading", path):
            try:
                return bytes(self._system.cat_file(self._at(path)))
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return None

    def write(self, path: str, content: bytes) -> None:
        """Write ``path`` whole or not at all: a reader never sees half of it.

        Raises:
            StoreError: the disk is full, writing is not allowed, or the disk failed.
        """
        with self._told("writing", path):
            if self._local:
                _replace(Path(self._at(path)), content)
            else:
                self._system.pipe_file(self._at(path), content)

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the size in bytes of each file in ``folder``, by name; empty where there is no such folder."""
        with self._told("listing", folder):
            return {_name(one): int(one["size"]) for one in self._entries(folder) if one["type"] == "file"}

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders in ``folder``, sorted."""
        with self._told("listing", folder):
            return sorted(_name(one) for one in self._entries(folder) if one["type"] == "directory")

    def remove(self, path: str) -> None:
        """Remove the file ``path``; one that is gone already is no error."""
        with self._told("removing", path):
            try:
                self._system.rm_file(self._at(path))
            except FileNotFoundError:
                return

    def move(self, folder: str, target: str) -> bool:
        """Move ``folder`` to ``target`` and return True; False where there is no such folder, or ``target`` is taken.

        On a disk, of many that move one folder at the same time one alone does.

        Raises:
            StoreError: moving is not allowed, or the disk failed.
        """
        with self._told("moving", folder):
            self._system.makedirs(self._at(target).rsplit("/", 1)[0], exist_ok=True)
            if not self._local and self._system.exists(self._at(target)):
                return False
            try:
                if self._local:
                    Path(self._at(folder)).rename(self._at(target))
                else:
                    self._system.mv(self._at(folder), self._at(target), recursive=True)
            except FileNotFoundError:
                return False
            except OSError as error:
                if error.errno not in TAKEN:
                    raise
                return False
        return True

    def _entries(self, folder: str) -> list[dict[str, Any]]:
        try:
            return list(self._system.ls(self._at(folder), detail=True))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"

    @contextmanager
    def _told(self, doing: str, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(_sentence(error, f"{doing} {path}", self.url)) from error


def _replace(path: Path, content: bytes) -> None:
    # A crash of the machine may still lose what the disk had not taken yet; checksums find that out on reading.
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)  # noqa: PTH105  Path.replace is the same call, and harder to make fail in a test
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _name(entry: dict[str, Any]) -> str:
    return str(entry["name"]).rstrip("/").rsplit("/", 1)[-1]


def _sentence(error: OSError, doing: str, where: str) -> str:
    if error.errno in FULL:
        return (
            f"the disk that holds {where} is full ({doing} failed); what was saved before is kept, so free some space and go on"
        )
    if error.errno in FORBIDDEN:
        remedy = "let it write there, or set store.url (SEQVIZ_STORE) to a folder where it may"
        return f"this server has no permission for {doing} in {where}; {remedy}"
    return f"{doing} in {where} failed: {error.strerror or error}"
