"""Records as files of their own, read back without running any code."""

import json
from collections.abc import Mapping
from dataclasses import fields
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from seqviz import records
from seqviz.errors import DamagedRunError, StoreError
from seqviz.records.record import Record
from seqviz.registry import shown
from seqviz.store.arrays import decode, decode_notes, encode
from seqviz.store.files import Files


def save(record: Record, path: str | PathLike[str]) -> None:
    """Write a record of arrays, numbers and texts to one safetensors file, whole or not at all.

    Raises:
        StoreError: it holds something else, or the file cannot be written.
    """
    arrays, plain = dict[str, np.ndarray](), dict[str, Any]()
    for one in fields(record):  # type: ignore[arg-type]
        value = getattr(record, one.name)
        if isinstance(value, np.ndarray):
            arrays[one.name] = value
        elif isinstance(value, Mapping) and all(isinstance(part, np.ndarray) for part in value.values()):
            plain[one.name] = {"keys": list(value)}
            arrays |= {f"{one.name}/{key}": part for key, part in value.items()}
        elif value is None or isinstance(value, str | int | float):
            plain[one.name] = value
        else:
            raise StoreError(
                f"{type(record).__name__} cannot be saved: its {one.name} is neither an array, a number nor a text"
            )
    place = Path(path).absolute()
    notes = {"record": type(record).__name__, "plain": json.dumps(plain)}
    Files(str(place.parent)).write(place.name, encode(arrays, notes))


def load(path: str | PathLike[str]) -> Any:
    """Return the record that :func:`save` wrote.

    Raises:
        StoreError: there is no such file.
        DamagedRunError: it holds no record.
    """
    place = Path(path).absolute()
    content = Files(str(place.parent)).read(place.name)
    if content is None:
        raise StoreError(f"there is no file {path}")
    arrays = decode(content)
    notes = decode_notes(content)
    kind = getattr(records, notes.get("record", ""), None)
    if kind is None or not issubclass(kind, Record):
        raise DamagedRunError(f"{path} holds no record of seqviz, but {shown(notes.get('record', 'arrays alone'))}")
    plain = json.loads(notes["plain"])
    held = {name: value for name, value in plain.items() if not isinstance(value, dict)}
    tables = {
        name: {key: arrays[f"{name}/{key}"] for key in value["keys"]}
        for name, value in plain.items()
        if isinstance(value, dict)
    }
    return kind(**{name: array for name, array in arrays.items() if "/" not in name}, **held, **tables)
