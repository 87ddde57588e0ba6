"""The one file of settings: what this server allows, and where it keeps things."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from seqviz.errors import ConfigError
from seqviz.registry import shown


@dataclass(frozen=True, kw_only=True)
class StoreSettings:
    """Where runs live, and how much of a run's past is kept."""

    url: str
    pretrained: str
    snapshot_bytes: int
    snapshots: int
    checkpoint_seconds: int


@dataclass(frozen=True, kw_only=True)
class LabSettings:
    """Where runs are computed."""

    scheduler: str
    workers: int
    trace_workers: int
    threads_per_worker: int
    niceness: int
    memory_limit: str
    trace_seconds: int
    idle_minutes: int


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that one person may ask of this server."""

    length: int
    hidden_size: int
    layers: int
    batch_size: int
    steps: int
    traced_values: int
    text_bytes: int
    typed_characters: int
    queued_runs: int
    queued_runs_a_person: int
    runs_on_a_page: int
    query_characters: int


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of this server; ``settings.toml`` beside this module says what each means."""

    store: StoreSettings
    lab: LabSettings
    limits: Limits


@cache
def settings() -> Settings:
    """Return this process's settings: the package's own, overlaid with the file that SEQVIZ_SETTINGS names.

    SEQVIZ_STORE and SEQVIZ_SCHEDULER set ``store.url`` and ``lab.scheduler`` alone.

    Raises:
        ConfigError: the file is missing, is no TOML, or has an unknown name or a value of the wrong type.
    """
    written = tomllib.loads(resources.files("seqviz").joinpath("settings.toml").read_text())
    own = os.environ.get("SEQVIZ_SETTINGS")
    if own:
        _overlay(written, _read(Path(own)))
    for variable, part, name in (("SEQVIZ_STORE", "store", "url"), ("SEQVIZ_SCHEDULER", "lab", "scheduler")):
        written[part][name] = os.environ.get(variable, written[part][name])
    return Settings(
        store=StoreSettings(**written["store"]), lab=LabSettings(**written["lab"]), limits=Limits(**written["limits"])
    )


def limit_of(name: str) -> int | None:
    """Return this server's limit on the setting called ``name``, or None where it has none."""
    limits = settings().limits
    return getattr(limits, name) if name in {one.name for one in fields(limits)} else None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text())
    except FileNotFoundError:
        raise ConfigError(f"SEQVIZ_SETTINGS names a file that does not exist: {file}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not valid TOML: {error}") from None


def _overlay(written: dict[str, Any], own: Mapping[str, Any]) -> None:
    for part, values in own.items():
        if part not in written or not isinstance(values, Mapping):
            raise ConfigError(f"unknown part {shown(part)} in the settings; known: {', '.join(written)}")
        for name, value in values.items():
            if name not in written[part]:
                raise ConfigError(f"unknown setting {part}.{name}; known: {', '.join(written[part])}")
            if type(value) is not type(written[part][name]):
                raise ConfigError(f"{part}.{name} must be like {written[part][name]!r}, got {shown(value)}")
            written[part][name] = value
