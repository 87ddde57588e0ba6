"""The error surface of one unit, and gradient descent on it; the axes are those of :mod:`seqviz.records`.

Two more axes: ``path`` is 0 without clipping and 1 with it, ``parameter`` is 0 for w and 1 for b. Along a path, ``step`` 0 is
the start.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from seqviz.records.agreement import Agreement
from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class ErrorSurface(Record):
    """The error of a unit at every point of a grid of its two parameters, and the norm of its gradient there."""

    unit: str
    w: Float[Array, " column"]
    b: Float[Array, " row"]
    errors: Float[Array, "row column"]
    gradient_norms: Float[Array, "row column"]

    @property
    def steepest(self) -> tuple[float, float, float]:
        """The longest gradient on the grid, and the w and b where it is."""
        row, column = np.unravel_index(int(np.nanargmax(self.gradient_norms)), self.gradient_norms.shape)
        return float(self.gradient_norms[row, column]), float(self.w[column]), float(self.b[row])

    @property
    def highest_wall(self) -> float:
        """The largest difference in error between two neighbours on the grid."""
        return float(max(np.nanmax(np.abs(np.diff(self.errors, axis=axis))) for axis in (0, 1)))

    @property
    def window(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The ends of w and of b."""
        return (float(self.w[0]), float(self.w[-1])), (float(self.b[0]), float(self.b[-1]))


@dataclass(frozen=True, kw_only=True, repr=False)
class GradientDescent(Record):
    """Two gradient descents from one start: without clipping, and with the gradient's norm clipped at ``threshold``.

    What is not finite any more stays so: NaN and infinity are kept. ``agreement`` is of the gradient at the start.
    """

    unit: str
    rate: float
    threshold: float
    places: Float[Array, "path step parameter"]
    errors: Float[Array, "path step"]
    gradients: Float[Array, "path step parameter"]
    clipped: Bool[Array, "path step"]  # whether the gradient there is longer than the threshold; nowhere on path 0
    agreement: Agreement

    @property
    def norms(self) -> Float[Array, "path step"]:
        """The norm of the gradient at each place, before clipping."""
        norms: Array = np.hypot(self.gradients[..., 0], self.gradients[..., 1])
        return norms

    @property
    def lengths(self) -> Float[Array, "path move"]:
        """How long each step was, from one place to the next."""
        with np.errstate(over="ignore", invalid="ignore"):
            moves = np.diff(self.places, axis=1)
            lengths: Array = np.hypot(moves[..., 0], moves[..., 1])
        return lengths

    def leaves(self, path: int, window: tuple[tuple[float, float], tuple[float, float]]) -> int | None:
        """Return the first step that ends outside of ``window``, or is not finite; None where every one stays inside."""
        ends = np.array(window)
        inside = ((self.places[path] >= ends[:, 0]) & (self.places[path] <= ends[:, 1])).all(axis=1)
        gone = np.flatnonzero(~inside)
        return int(gone[0]) if gone.size else None
