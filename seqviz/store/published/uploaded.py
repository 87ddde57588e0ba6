"""Uploaded published models: each in a folder below the store, named by its content."""

import hashlib
import os
import re
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

from seqviz.errors import ConfigError, LimitError, SeqvizError, StoreError, TextError, TraceError
from seqviz.registry import shown
from seqviz.settings import settings
from seqviz.store.files import Files
from seqviz.store.published.files import CONFIG, KNOWN, ORDINARY, PART, PICKLED, WEIGHTS

UPLOADS = "uploads"  # below the store
NAME = re.compile(r"uploaded-[0-9a-f]{20}")
MOST_FILES = 100
OF_MODEL = (LimitError, StoreError, TextError, TraceError)  # what reading with it raises where it is the model that is no good


def takes_uploads() -> bool:
    """Return whether this server lets people upload models, and has a folder of this machine to keep them in."""
    return settings().limits.published_upload_bytes > 0 and "://" not in settings().store.url.removeprefix("file://")


def is_upload(name: str) -> bool:
    """Return whether ``name`` is of an uploaded model."""
    return bool(NAME.fullmatch(name))


def upload_folder(name: str) -> Path:
    """Return the folder of the uploaded model called ``name``.

    Raises:
        StoreError: it is not here, or no longer.
    """
    folder = _place() / name
    if not folder.is_dir():
        raise StoreError(f"this server does not have the uploaded model {shown(name)}; upload its files again")
    return folder


def keep_upload(files: Mapping[str, bytes], tried: Callable[[str], object]) -> str:
    """Keep a model's files and return its name; the same files have the same name everywhere.

    As many as this server keeps are kept, and the oldest give way once this one was read with.

    Args:
        files: their contents by their names.
        tried: reads with the model of that name, and raises what is wrong with it; then it is not kept.

    Raises:
        StoreError: they cannot be written.
        SeqvizError: whatever ``check_upload`` or ``tried`` raises.
    """
    check_upload([(name, len(content)) for name, content in files.items()])
    files = {name: content for name, content in files.items() if is_needed(name)}
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name} {len(files[name])}\n".encode() + files[name])
    name, place = f"uploaded-{digest.hexdigest()[:20]}", _place()
    is_new = not (place / name).is_dir() and _write(name, files)
    try:
        tried(name)
    except SeqvizError as error:
        if is_new:
            _doubt(place, name, error)
        raise
    _date(place / name)
    _give_way(place, name)
    return name


def _doubt(place: Path, name: str, error: SeqvizError) -> None:
    """Remove an upload that is no model; one that could not be tried is kept while there is room, and is the first to go."""
    if isinstance(error, OF_MODEL):
        _remove(place / name)
    else:
        _date(place / name, 0)
        _give_way(place)


def _date(folder: Path, seconds: int | None = None) -> None:
    """Set when a model came; now where no time is given."""
    with suppress(OSError):  # another upload has taken its place; opening it says so
        os.utime(folder, None if seconds is None else (seconds, seconds))


def is_needed(name: str) -> bool:
    """Return whether a file is one that a published model is opened from, or none that its folder ordinarily holds."""
    return name in KNOWN or bool(PART.fullmatch(name)) or not any(fnmatch(name.lower(), form) for form in ORDINARY)


def check_upload(files: Sequence[tuple[str, int]]) -> None:
    """Make sure that files could be a model's, by their names and their sizes in bytes alone.

    Raises:
        ConfigError: this server takes none, a file is none that a model is opened from, is there twice, or one is missing.
        LimitError: they are too many, or too large.
    """
    most = settings().limits.published_upload_bytes
    if not takes_uploads():
        raise ConfigError(
            "this server takes no uploaded models: its settings say so (limits.published_upload_bytes), or that runs are kept "
            "in no folder of this machine (store.url)"
        )
    if len(files) > MOST_FILES:
        raise LimitError(f"a model's files may be at most {MOST_FILES}, got {len(files):,}")
    _check_names([name for name, _ in files])
    size = sum(size for name, size in files if is_needed(name))
    if size > most:
        raise LimitError(f"a model's files may have at most {most:,} bytes together on this server, got {size:,}")


def _check_names(names: Sequence[str]) -> None:
    pickled = next((name for name in names if name.endswith(PICKLED)), None)
    if pickled is not None and not any(name.endswith(".safetensors") for name in names):
        raise ConfigError(f"{shown(pickled)} is pickled, and opening it could run code; only {WEIGHTS} is taken")
    needed = [name for name in names if is_needed(name)]
    strange = next((name for name in needed if name not in KNOWN and not PART.fullmatch(name)), None)
    if strange is not None:
        raise ConfigError(f"{shown(strange)} is no file that a published model is opened from; these are: {', '.join(KNOWN)}")
    twice = next((name for name, count in Counter(needed).items() if count > 1), None)
    if twice is not None:
        raise ConfigError(f"a model has each of its files once, got {shown(twice)} more often")
    if CONFIG not in names:
        raise ConfigError(f"a model's files must have {CONFIG} among them, its tokenizer's and its weights, {WEIGHTS}")
    if not any(name.endswith(".safetensors") for name in names):
        raise ConfigError(f"a model's files must have its weights among them, as {WEIGHTS}")


def _write(name: str, files: Mapping[str, bytes]) -> bool:
    """Write a model whole, or not at all; return False where another upload was first."""
    store, new = Files(settings().store.url), f"{UPLOADS}/.{secrets.token_hex(8)}"
    _remove(_place() / name)
    try:
        for file, content in files.items():
            store.write(f"{new}/{file}", content)
        return store.move(new, f"{UPLOADS}/{name}")
    finally:
        shutil.rmtree(_place().parent / new, ignore_errors=True)


def _give_way(place: Path, newest: str = "") -> None:
    """Remove the oldest models beyond as many as are kept, and never ``newest``."""
    kept = sorted(
        (each for each in place.iterdir() if is_upload(each.name)), key=lambda each: (each.name == newest, _changed(each))
    )
    for folder in kept[: -settings().limits.published_uploads]:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a model's folder, or whatever is in its place; it may be gone already."""
    if folder.is_dir():
        shutil.rmtree(folder, ignore_errors=True)
    else:
        with suppress(OSError):
            folder.unlink()


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except FileNotFoundError:  # removed at the same time
        return 0


def _place() -> Path:
    url = Files(settings().store.url).url
    if "://" in url:  # its files are opened by their paths
        raise StoreError("uploaded models need a store that is a folder of this machine (store.url)")
    return Path(url) / UPLOADS
