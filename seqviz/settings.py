"""The one file of settings: what this server allows, and where it keeps things."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from seqviz.errors import ConfigError, LimitError
from seqviz.experiment.fields import Rule, Setting
from seqviz.registry import shown


def within(low: int, high: int | None = None) -> Any:
    """Return a field that holds a whole number of at least ``low``, and at most ``high`` if given."""
    return field(metadata={"rule": Rule(kind="integer", title="", low=low, high=high)})


def written_as(pattern: str = r"(?s).*", allowed: str = "a text in quotes") -> Any:
    """Return a field that holds a text matching ``pattern`` from end to end, which is ``allowed`` in words."""
    return field(metadata={"rule": Rule(kind="text", title="", pattern=pattern, words=allowed)})


@dataclass(frozen=True, kw_only=True)
class StoreSettings:
    """Where runs live, and how much of a run's past is kept."""

    url: str = written_as()
    pretrained: str = written_as()
    published: str = written_as()
    published_paths: str = written_as("below|anywhere", "'below' or 'anywhere'")
    snapshot_bytes: int = within(0)
    snapshots: int = within(1)
    checkpoint_seconds: int = within(0)


@dataclass(frozen=True, kw_only=True)
class LabSettings:
    """Where runs are computed."""

    scheduler: str = written_as()
    workers: int = within(0)
    trace_workers: int = within(1)
    threads_per_worker: int = within(1)
    niceness: int = within(0, 19)
    memory_limit: str = written_as(r"auto|0|\d+(\.\d+)? ?([kMGT]i?)?B", "a size such as '3GiB'")
    trace_seconds: int = within(1)
    idle_minutes: int = within(0)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that one person may ask of this server."""

    length: int = within(1)
    hidden_size: int = within(1)
    layers: int = within(1)
    depth: int = within(1)
    joining_weights: int = within(1)
    batch_size: int = within(1)
    steps: int = within(1)
    traced_values: int = within(1)
    embedding_size: int = within(1)
    width: int = within(1)
    inner: int = within(1)
    learned_positions: int = within(1)
    sentences: int = within(100)
    longest: int = within(4)
    vocabulary: int = within(10)
    text_bytes: int = within(1)
    parallel_bytes: int = within(1)
    parallel_lines: int = within(1)
    typed_characters: int = within(1)
    sentence_words: int = within(1)
    head_tokens: int = within(1)
    published_bytes: int = within(1)
    published_layers: int = within(1)
    published_heads: int = within(1)
    published_width: int = within(1)
    published_upload_bytes: int = within(0)
    published_uploads: int = within(1)
    head_bytes: int = within(100_000)
    queued_runs: int = within(1)
    queued_runs_a_person: int = within(1)
    runs_on_a_page: int = within(1)
    query_characters: int = within(1)

    def check(self, **asked: int) -> None:
        """Refuse what is over one of these limits.

        Args:
            asked: numbers by the name of the limit on them.

        Raises:
            LimitError: naming the limit, what it allows and what was asked.
        """
        for name, value in asked.items():
            most: int = getattr(self, name)
            if value > most:
                raise LimitError(f"{name} may be at most {most:,} on this server, got {value:,}")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of this server; ``settings.toml`` beside this module says what each means."""

    store: StoreSettings
    lab: LabSettings
    limits: Limits


# Environment variables that set one setting each.
VARIABLES: Mapping[str, tuple[str, str]] = {
    "SEQVIZ_STORE": ("store", "url"),
    "SEQVIZ_PUBLISHED": ("store", "published"),
    "SEQVIZ_SCHEDULER": ("lab", "scheduler"),
}

PARTS: Mapping[str, type] = {"store": StoreSettings, "lab": LabSettings, "limits": Limits}


@cache
def settings() -> Settings:
    """Return this process's settings: the package's, overlaid with the file that SEQVIZ_SETTINGS names.

    Each of VARIABLES sets one setting alone.

    Raises:
        ConfigError: the file cannot be read, is no TOML, or has an unknown name or a value that is not allowed.
    """
    written = tomllib.loads(resources.files("seqviz").joinpath("settings.toml").read_text(encoding="utf-8"))
    own = os.environ.get("SEQVIZ_SETTINGS")
    if own:
        _overlay(written, _read(Path(own)), own)
    for variable, (part, name) in VARIABLES.items():
        written[part][name] = os.environ.get(variable, written[part][name])
    return Settings(**{part: made(**written[part]) for part, made in PARTS.items()})


def limit_of(name: str) -> int | None:
    """Return this server's limit on the setting called ``name``, or None where it has none."""
    limits = settings().limits
    return getattr(limits, name) if name in {one.name for one in fields(limits)} else None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"SEQVIZ_SETTINGS names a file that does not exist: {file}") from None
    except OSError as error:
        raise ConfigError(f"SEQVIZ_SETTINGS names {file}, which cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file} must be a text file in UTF-8, got other bytes") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not valid TOML: {error}") from None


def _overlay(written: dict[str, Any], own: Mapping[str, Any], file: str) -> None:
    for part, values in own.items():
        if part not in written or not isinstance(values, Mapping):
            raise ConfigError(f"unknown part {shown(part)} in {file}; known: {', '.join(written)}")
        for name, value in values.items():
            if name not in written[part]:
                raise ConfigError(f"unknown setting {shown(f'{part}.{name}')} in {file}; known: {', '.join(written[part])}")
            written[part][name] = _checked(part, name, value, file)


def _checked(part: str, name: str, value: object, file: str) -> Setting:
    rule: Rule = PARTS[part].__dataclass_fields__[name].metadata["rule"]  # type: ignore[attr-defined]
    return rule.check(f"{part}.{name} in {file}", value)
