"""Published models that somebody uploaded: each in a folder of its own below the store, named by its content. No torch here."""

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from seqviz.errors import ConfigError, LimitError, StoreError
from seqviz.experiment.heads import CONFIG
from seqviz.registry import shown
from seqviz.settings import settings
from seqviz.store.files import Files

UPLOADS = "uploads"  # below the store
NAME = re.compile(r"uploaded-[0-9a-f]{20}")
KNOWN = (
    CONFIG, "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "merges.txt",
    "source.spm", "target.spm", "target_vocab.json", "special_tokens_map.json", "added_tokens.json", "generation_config.json",
    "model.safetensors.index.json",
)  # fmt: skip
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5", ".msgpack")
PART = re.compile(r"model-[0-9]{5}-of-[0-9]{5}\.safetensors")


def takes_uploads() -> bool:
    """Return whether this server lets people upload models."""
    return settings().limits.published_upload_bytes > 0


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


def keep_upload(files: Mapping[str, bytes]) -> str:
    """Keep a model's files and return its name; the same files have the same name everywhere.

    As many as this server keeps are kept, and the oldest give way.

    Raises:
        ConfigError: this server takes none, a file is none that a model is opened from, or one is missing.
        LimitError: they are too large.
        StoreError: they cannot be written.
    """
    _check(files)
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name} {len(files[name])}\n".encode() + files[name])
    name, place = f"uploaded-{digest.hexdigest()[:20]}", _place()
    if not (place / name).is_dir():
        _remove(place / name)
        _write(name, files)
    with suppress(OSError):  # somebody else's took its place meanwhile; who looks for it is told
        os.utime(place / name)
    _give_way(place, name)
    return name


def drop_upload(name: str) -> None:
    """Remove an uploaded model that turned out to be none."""
    if is_upload(name):
        _remove(_place() / name)


def _check(files: Mapping[str, bytes]) -> None:
    most = settings().limits.published_upload_bytes
    if not takes_uploads():
        raise ConfigError("this server takes no uploaded models: its settings say so (limits.published_upload_bytes)")
    pickled = next((name for name in files if name.endswith(PICKLED)), None)
    if pickled is not None:
        raise ConfigError(f"{shown(pickled)} is pickled, and opening it could run code; only model.safetensors is taken")
    strange = next((name for name in files if name not in KNOWN and not PART.fullmatch(name)), None)
    if strange is not None:
        raise ConfigError(f"{shown(strange)} is no file that a published model is opened from; these are: {', '.join(KNOWN)}")
    if CONFIG not in files:
        raise ConfigError(
            "a model's files must have config.json among them, its tokenizer's and its weights, model.safetensors"
        )
    if not any(name.endswith(".safetensors") for name in files):
        raise ConfigError("a model's files must have its weights among them, as model.safetensors")
    size = sum(map(len, files.values()))
    if size > most:
        raise LimitError(f"a model's files may have at most {most:,} bytes together on this server, got {size:,}")


def _write(name: str, files: Mapping[str, bytes]) -> None:
    store, new = Files(settings().store.url), f"{UPLOADS}/.{secrets.token_hex(8)}"
    try:
        for file, content in files.items():
            store.write(f"{new}/{file}", content)
        store.move(new, f"{UPLOADS}/{name}")  # whole, or not at all; False where somebody else was first
    finally:
        shutil.rmtree(_place().parent / new, ignore_errors=True)


def _give_way(place: Path, newest: str) -> None:
    others = sorted((each for each in place.iterdir() if is_upload(each.name) and each.name != newest), key=_changed)
    for folder in others[: max(0, len(others) + 1 - settings().limits.published_uploads)]:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a model's folder, and whatever else stands in its place; what is gone already is no error."""
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
