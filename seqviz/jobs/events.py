"""What a worker reports of a run in training: small messages of names, numbers and bytes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from seqviz.records import METRIC_COLUMNS, Metrics, StepRow

TOPIC = "seqviz-runs"
Event = Mapping[str, Any]  # always "run" and "kind"; kinds: started, rows, probes, saved
COLUMNS = ("step", *METRIC_COLUMNS, "cosine")
FIRST_ROOM = 256


class MetricTable:
    """Metrics that grow by a row per training step; pictures of it share its memory and never change."""

    def __init__(self) -> None:
        self._rows = np.zeros((FIRST_ROOM, len(COLUMNS)))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def last_step(self) -> int | None:
        """The training step of the last row."""
        return int(self._rows[self._count - 1, 0]) if self._count else None

    def append(self, row: StepRow) -> None:
        """Add one training step's numbers."""
        self.extend(np.array([[getattr(row, name) for name in COLUMNS]], float))

    def extend(self, rows: np.ndarray) -> None:
        """Add rows, in the order of COLUMNS; rows from the first of their steps on are replaced."""
        if not len(rows):
            return
        self.cut(int(rows[0, 0]))
        needed = self._count + len(rows)
        if needed > len(self._rows):
            self._grow(needed)
        self._rows[self._count : needed] = rows
        self._count = needed

    def cut(self, step: int) -> None:
        """Forget the rows of ``step`` and later."""
        keep = int(np.searchsorted(self._rows[: self._count, 0], step))
        if keep < self._count:  # pictures already taken keep the old memory
            self._rows = self._rows.copy()
            self._count = keep

    def rows(self, start: int = 0) -> np.ndarray:
        """Return the rows from number ``start`` on, in the order of COLUMNS."""
        return self._rows[start : self._count]

    def metrics(self) -> Metrics:
        """Return what is recorded by now."""
        rows = self.rows()
        rows.flags.writeable = False  # many visitors may hold this picture
        columns: dict[str, Any] = {name: rows[:, i] for i, name in enumerate(COLUMNS)}
        columns["step"], columns["clipped"] = columns["step"].astype(np.int64), columns["clipped"].astype(bool)
        if np.isnan(columns["cosine"]).all():  # a run of before there were cosines
            columns["cosine"] = None
        return Metrics(**columns)

    def _grow(self, needed: int) -> None:
        wider = np.zeros((max(needed, 2 * len(self._rows)), len(COLUMNS)))
        wider[: self._count] = self._rows[: self._count]
        self._rows = wider


def table_of(metrics: Metrics) -> MetricTable:
    """Return a table that goes on from ``metrics``."""
    table = MetricTable()
    unknown = np.full(len(metrics.step), np.nan)
    columns = [unknown if (column := getattr(metrics, name)) is None else np.asarray(column, float) for name in COLUMNS]
    table.extend(np.stack(columns, axis=1))
    return table


def pack_rows(rows: np.ndarray) -> bytes:
    """Return rows of a :class:`MetricTable` as bytes; :func:`unpack_rows` reads them back."""
    return np.ascontiguousarray(rows, float).tobytes()


def unpack_rows(packed: bytes) -> np.ndarray:
    """Return the rows that :func:`pack_rows` wrote."""
    return np.frombuffer(packed).reshape(-1, len(COLUMNS))
