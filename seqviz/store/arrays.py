"""Records and weights as safetensors bytes: columns of numbers, read back without running any code."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from seqviz.errors import DamagedRunError
from seqviz.records import Metrics, Probes

Arrays = Mapping[str, np.ndarray]

GATE_TABLES = ("gate_means", "left_saturated", "right_saturated")


def encode(arrays: Arrays, notes: Mapping[str, str] | None = None) -> bytes:
    """Return ``arrays`` as one safetensors file, with ``notes`` in its header."""
    # safetensors copies an array's memory in its own order, so a transposed view would be written wrong
    return bytes(save({name: np.asarray(array, order="C") for name, array in arrays.items()}, dict(notes or {}) or None))


def decode(content: bytes) -> dict[str, np.ndarray]:
    """Return the arrays that :func:`encode` wrote.

    Raises:
        DamagedRunError: the bytes are no safetensors file.
    """
    try:
        return dict(load(content))
    except SafetensorError as error:
        raise DamagedRunError(f"not a safetensors file: {error}") from error


def decode_notes(content: bytes) -> dict[str, str]:
    """Return the notes in the header of the file that :func:`encode` wrote."""
    length = int.from_bytes(content[:8], "little")
    return dict(json.loads(content[8 : 8 + length]).get("__metadata__", {}))


def encode_metrics(metrics: Metrics) -> bytes:
    """Return ``metrics`` as a file of columns."""
    columns = {one.name: getattr(metrics, one.name) for one in fields(Metrics)}
    return encode({name: column for name, column in columns.items() if column is not None})


def decode_metrics(content: bytes) -> Metrics:
    """Return the metrics that :func:`encode_metrics` wrote."""
    return Metrics(**decode(content))


def encode_probes(probes: Probes) -> bytes:
    """Return ``probes`` as a file of arrays; gate tables are written as ``table.gate``."""
    arrays: dict[str, np.ndarray] = {}
    for one in fields(Probes):
        value = getattr(probes, one.name)
        if one.name in GATE_TABLES:
            arrays |= {f"{one.name}.{gate}": array for gate, array in value.items()}
        elif value is not None:
            arrays[one.name] = value
    return encode(arrays)


def decode_probes(content: bytes) -> Probes:
    """Return the probes that :func:`encode_probes` wrote."""
    arrays = decode(content)
    parts: dict[str, Any] = {"cell_norms": None} | {name: {} for name in GATE_TABLES}
    for name, array in arrays.items():
        table, _, gate = name.partition(".")
        if gate:
            parts[table][gate] = array
        else:
            parts[name] = array
    return Probes(**parts)


def join_probes(first: Probes, second: Probes) -> Probes:
    """Return ``first``'s moments followed by ``second``'s."""
    joined: dict[str, Any] = {}
    for one in fields(Probes):
        before, after = getattr(first, one.name), getattr(second, one.name)
        if one.name in GATE_TABLES:
            joined[one.name] = {gate: np.concatenate([before[gate], after[gate]]) for gate in before}
        else:
            joined[one.name] = None if before is None else np.concatenate([before, after])
    return Probes(**joined)


def cut_probes(probes: Probes, step: int) -> Probes:
    """Return the moments of ``probes`` that lie before ``step``."""
    keep = probes.step < step
    parts: dict[str, Any] = {}
    for one in fields(Probes):
        value = getattr(probes, one.name)
        if one.name in GATE_TABLES:
            parts[one.name] = {gate: array[keep] for gate, array in value.items()}
        else:
            parts[one.name] = None if value is None else value[keep]
    return Probes(**parts)
