"""Which published models this server offers, and from where: names of folders, and the way to one of them. No torch here."""

import json
from pathlib import Path

from seqviz.errors import ConfigError, StoreError
from seqviz.registry import shown
from seqviz.settings import settings

CONFIG = "config.json"
MOST_OFFERED = 200


def offered() -> list[str]:
    """Return the names of the published models that this server has, as :func:`folder_of` takes them."""
    place = _place()
    if place is None or not place.is_dir():
        return []
    found = [*place.glob(f"*/{CONFIG}"), *place.glob(f"*/*/{CONFIG}")]
    inside = [file.parent for file in found if file.parent.resolve().is_relative_to(place.resolve())]
    return sorted(folder.relative_to(place).as_posix() for folder in inside)[:MOST_OFFERED]


def translates(name: str) -> bool:
    """Return whether the published model called ``name`` says of itself that it writes a translation; False if it is none."""
    try:
        config = json.loads((folder_of(name) / CONFIG).read_bytes())
    except (ConfigError, OSError, ValueError):  # what is wrong with it is said when it is opened
        return False
    return isinstance(config, dict) and config.get("is_encoder_decoder") is True


def anywhere() -> bool:
    """Return whether a typed path may name any folder of this machine."""
    return settings().store.published_paths == "anywhere"


def folder_of(name: str) -> Path:
    """Return the folder of the published model called ``name``, all of whose files are where this server keeps models.

    Raises:
        ConfigError: the name leads elsewhere, or this server offers none.
        StoreError: there is no such folder.
    """
    if anywhere() and Path(name).expanduser().is_absolute():
        return _there(Path(name).expanduser(), name)
    place = _place()
    if place is None:
        raise ConfigError("this server offers no published models: its settings name no folder for them (store.published)")
    root, folder = place.resolve(), (place / name).resolve()
    if not name or Path(name).is_absolute() or ".." in Path(name).parts or folder == root or not folder.is_relative_to(root):
        raise ConfigError(f"a published model is named by its folder below {place.name!r}, got {shown(name)}")
    for file in _there(folder, name).iterdir():
        if not file.resolve().is_relative_to(root):
            raise ConfigError(
                f"{shown(file.name)} of the model {shown(name)} leads to a file outside the folder of published models"
            )
    return folder


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
