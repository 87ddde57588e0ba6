"""What all records share: they print short, turn into a table, and show themselves in a notebook."""

import importlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, get_args, get_type_hints

import numpy as np

# How an axis is counted in words; others are their own names.
COUNTED = {
    "layer": "layers", "direction": "directions", "batch": "sequences", "time": "steps", "unit": "units", "state": "states",
    "step": "training steps", "head": "heads", "loss_time": "losses", "out_time": "steps", "probe": "probes",
}  # fmt: skip
COLUMNS = {"batch": "sequence"}  # what an axis is called in a table, where that is not its own name
LONGEST = 60  # characters of a text in a record that is printed


class Record:
    """A frozen dataclass of numbers; the base of all in :mod:`seqviz.records`."""

    def __repr__(self) -> str:
        """Return the record's sizes and what it holds, on one line.

        >>> from seqviz.records import WeightContributions
        >>> WeightContributions(projections=np.ones(3), norms=np.ones(3), total_norm=3.0)
        WeightContributions: 3 steps; projections, norms, total_norm = 3
        """
        sizes = " × ".join(f"{size} {COUNTED.get(axis, axis)}" for axis, size in self._sizes().items() if size != 1)
        held = ", ".join(self._held())
        return f"{type(self).__name__}: {'; '.join(filter(None, [sizes, held]))}"

    def to_frame(self, field: str | None = None) -> Any:
        """Return a pandas table with a row for each number of ``field``, and a column for every field with the same axes.

        Steps after a sequence's end have no row.

        Args:
            field: an array of the record; the first by default. A record without arrays is one row.

        Raises:
            ModuleNotFoundError: pandas is not installed.
            AttributeError: there is no such array.
        """
        pandas = importlib.import_module("pandas")
        arrays = dict(self._arrays())
        if not arrays:
            return pandas.DataFrame([{one.name: getattr(self, one.name) for one in fields(self)}])  # type: ignore[arg-type]
        chosen = next(iter(arrays)) if field is None else field
        if chosen not in arrays:
            raise AttributeError(f"{type(self).__name__} has no array {chosen!r}; it has {', '.join(arrays)}")
        axes = arrays[chosen][0]
        columns = {
            name: values for name, (own, values) in arrays.items() if own == axes and values.shape == arrays[chosen][1].shape
        }
        places = np.indices(arrays[chosen][1].shape).reshape(len(axes), -1)
        index = {COLUMNS.get(axis, axis): place for axis, place in zip(axes, places, strict=True)}
        frame = pandas.DataFrame({**index, **{name: np.ravel(values) for name, values in columns.items()}})
        lengths = getattr(self, "lengths", None)
        if lengths is None or "sequence" not in frame:
            return frame
        ends = lengths[frame["sequence"]]
        ended = sum((frame[axis] >= ends for axis in axes if axis.endswith("time")), np.zeros(len(frame), dtype=int))
        return frame[ended == 0].reset_index(drop=True)

    def _repr_html_(self) -> str | None:
        found: str | None = _notebook().html(self)
        return found

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return _notebook().bundle(self, include, exclude)

    @property
    def _axes(self) -> dict[str, tuple[str, ...]]:
        kind: Any = type(self)
        found: dict[str, tuple[str, ...]] = _axes(kind)
        return found

    def _arrays(self) -> Iterator[tuple[str, tuple[tuple[str, ...], np.ndarray]]]:
        """Yield every array by its name, with the names of its axes; those of a mapping by their own names."""
        for name, axes in self._axes.items():
            value = getattr(self, name)
            axes = self._alike(axes)
            if isinstance(value, Mapping):
                prefix = "" if name == "gates" else f"{name}."
                yield from ((f"{prefix}{key}", (axes, np.asarray(one))) for key, one in value.items())
            elif value is not None:
                yield name, (axes, np.asarray(value))

    def _alike(self, axes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the axes with units of the cell state called units, where there are as many of both."""
        hidden, cell = getattr(self, "hidden", None), getattr(self, "cell", None)
        apart = hidden is not None and cell is not None and hidden.shape[-1] != cell.shape[-1]
        return axes if apart else tuple("unit" if axis == "cell_unit" else axis for axis in axes)

    def _sizes(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for axes, values in (one for _, one in self._arrays()):
            for axis, size in zip(axes, values.shape, strict=True):
                found.setdefault(axis, size)
        return found

    def _held(self) -> Iterator[str]:
        arrays = self._axes
        for one in fields(self):  # type: ignore[arg-type]
            value = getattr(self, one.name)
            if one.name in arrays:
                if isinstance(value, Mapping):
                    yield from value
                elif value is not None:
                    yield one.name
            elif isinstance(value, str | float | int | bool) and value != "":
                said = f"{value:.4g}" if isinstance(value, float) else str(value)
                yield f"{one.name} = {said if len(said) <= LONGEST else said[: LONGEST - 1] + '…'}"
            elif isinstance(value, tuple | list | Mapping) and value:
                yield f"{len(value)} {one.name}"


@cache
def _axes(kind: Any) -> dict[str, tuple[str, ...]]:
    """Return the names of the axes of each field that is an array, or a mapping of arrays."""
    found = {}
    for name, hint in get_type_hints(kind).items():
        array = next((one for one in _parts(hint) if hasattr(one, "dim_str")), None)
        if array is not None:
            found[name] = tuple(array.dim_str.split())
    return found


def _parts(hint: Any) -> Iterator[Any]:
    yield hint
    for part in get_args(hint):
        yield from _parts(part)


def _notebook() -> Any:
    """Return what draws records: the package's public door knows it, and no record does."""
    return sys.modules[__name__.partition(".")[0]].notebook
