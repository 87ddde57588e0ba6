"""Where in a record a figure looks: a layer, a direction, a sequence of the batch."""

import numpy as np

from seqviz.errors import TraceError
from seqviz.registry import shown


def chosen(values: np.ndarray, *, layer: int, direction: int, sample: int | None = None) -> np.ndarray:
    """Return ``values`` (layer, direction, batch, ...) at one place; of a layer and a sequence, -1 is the last.

    Raises:
        TraceError: there is no such layer, direction or sequence; it names what there is.
    """
    _check("layer", layer, -1, values.shape[0])
    _check("direction", direction, 0, values.shape[1])
    if sample is None:
        return np.asarray(values[layer, direction])
    _check("sample", sample, -1, values.shape[2])
    return np.asarray(values[layer, direction, sample])


def _check(name: str, index: object, low: int, count: int) -> None:
    if isinstance(index, bool) or not isinstance(index, int) or not low <= index < count:
        raise TraceError(f"{name} must be a whole number in [{low}, {count - 1}], got {shown(index)}")


def steps_of(lengths: np.ndarray | None, sample: int) -> slice:
    """Return the steps that one sequence has, where sequences have ``lengths``."""
    return slice(None) if lengths is None else slice(int(lengths[sample]))
