"""Which published models this server offers, and from where: names and paths of folders."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from seqviz.errors import ConfigError, SeqvizError, StoreError
from seqviz.registry import shown
from seqviz.settings import settings
from seqviz.store.published.files import CONFIG, MOST_CONFIG_BYTES
from seqviz.store.published.uploaded import is_upload, upload_folder

MOST_OFFERED = 200


def offered() -> list[str]:
    """Return the names of the published models that this server has, as :func:`folder_of` takes them."""
    place = _place()
    if place is None or not place.is_dir():
        return []
    found = [*place.glob(f"*/{CONFIG}"), *place.glob(f"*/*/{CONFIG}")]
    inside = [file.parent for file in found if file.parent.resolve().is_relative_to(place.resolve())]
    names = sorted(folder.relative_to(place).as_posix() for folder in inside)[:MOST_OFFERED]
    return [name for name in names if "model_type" in _config_of(name) or not _config_of(name)]  # else a part of a model


def translates(name: str) -> bool:
    """Return whether the published model called ``name`` says of itself that it writes a translation; False if it is none."""
    return _config_of(name).get("is_encoder_decoder") is True


def kind_of(name: str) -> str:
    """Return the ``model_type`` that the published model called ``name`` says of itself; "" if it says none."""
    kind = _config_of(name).get("model_type")
    return kind if isinstance(kind, str) and kind.isidentifier() else ""


def state_of(name: str) -> str:
    """Return a short text that is another one as soon as a file of the published model called ``name`` is; "" if it is none."""
    try:
        return files_state(folder_of(name))
    except (SeqvizError, OSError):  # what is wrong with it is said when it is opened
        return ""


def files_state(folder: Path) -> str:
    """Return the digest of the names, sizes and times of all files in ``folder``.

    Raises:
        StoreError: a file cannot be read, or is gone.
    """
    with _listed(folder):
        held = [(file.name, file.stat()) for file in sorted(folder.iterdir())]
    told = [(name, each.st_size, each.st_mtime_ns) for name, each in held]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def anywhere() -> bool:
    """Return whether a typed path may name any folder of this machine."""
    return settings().store.published_paths == "anywhere"


def folder_of(name: str) -> Path:
    """Return the folder of the published model called ``name``, all of whose files are where this server keeps models.

    Raises:
        ConfigError: the name leads elsewhere, or this server offers none.
        StoreError: there is no such folder, or it cannot be read.
    """
    if is_upload(name):
        return upload_folder(name)
    if anywhere() and Path(name).expanduser().is_absolute():
        return _there(Path(name).expanduser(), name)
    place = _place()
    if place is None:
        raise ConfigError("this server offers no published models: its settings name no folder for them (store.published)")
    root, folder = place.resolve(), (place / name).resolve()
    if not name or Path(name).is_absolute() or ".." in Path(name).parts or folder == root or not folder.is_relative_to(root):
        raise ConfigError(f"a published model is named by its folder below {place.name!r}, got {shown(name)}")
    with _listed(_there(folder, name)):
        files = list(folder.iterdir())
    for file in files:
        if not file.resolve().is_relative_to(root):
            raise ConfigError(
                f"{shown(file.name)} of the model {shown(name)} leads to a file outside the folder of published models"
            )
    return folder


def _config_of(name: str) -> Mapping[str, Any]:
    """Return the config.json of the published model called ``name``; an empty one where there is none, or a damaged one."""
    try:
        file = folder_of(name) / CONFIG
        held = file.stat()
    except (SeqvizError, OSError):  # what is wrong with it is said when it is opened
        return {}
    return _read(file, held.st_mtime_ns, held.st_size) if held.st_size <= MOST_CONFIG_BYTES else {}


@lru_cache(maxsize=MOST_OFFERED)
def _read(file: Path, changed: int, size: int) -> Mapping[str, Any]:
    """Return what a config.json, last ``changed`` then and of that ``size``, says."""
    try:
        config = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return config if isinstance(config, dict) else {}


@contextmanager
def _listed(folder: Path) -> Iterator[None]:
    """Say why a model's files cannot be read, without naming their path on this machine."""
    try:
        yield
    except OSError as error:
        again = "upload its files again" if is_upload(folder.name) else "look whether its folder is whole"
        raise StoreError(f"the files of the published model {shown(folder.name)} cannot be read now; {again}") from error


def _place() -> Path | None:
    named = settings().store.published
    return Path(named).expanduser() if named else None


def _there(folder: Path, name: str) -> Path:
    try:
        is_there = folder.is_dir()
    except OSError:  # too long for a name
        is_there = False
    if not is_there:
        raise StoreError(f"there is no published model {shown(name)} on this server")
    return folder
