"""A traced gradient checked against finite differences."""

import math
from dataclasses import dataclass

from seqviz.records.record import Record

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

AGREES = 0.1  # the largest relative error that is still called agreement


@dataclass(frozen=True, kw_only=True, repr=False)
class Agreement(Record):
    """A gradient checked against central finite differences, computed in float64 beside it.

    ``relative_error`` = |difference - gradient| / |gradient| along one direction, at the best step width; None where the
    gradient is smaller, or steeper, than finite differences can resolve.
    """

    relative_error: float | None
    gradient: float
    difference: float

    @property
    def sentence(self) -> str:
        """The finding in words, to be written after "the gradient"."""
        if self.relative_error is None:
            steep = abs(self.gradient) > max(1.0, abs(self.difference))  # the smallest nudge is too large for it
            return f"is {'steeper' if steep else 'smaller'} than finite differences can resolve"
        if not self.relative_error <= AGREES:  # as may be at a kink of ReLU
            return f"differs from finite differences: {_written(self.gradient, 3)} against {_written(self.difference, 3)}"
        return f"agrees with finite differences to {_written(self.relative_error, 1)}"


def _written(value: float, digits: int) -> str:
    """Return a number as titles write it, with so many digits: ``3·10⁻⁷``, ``0.02``, ``0``."""
    if value == 0 or 1e-3 <= abs(value) < 1e4 or not math.isfinite(value):
        return f"{value:.{digits}g}"
    size, exponent = f"{value:.{digits - 1}e}".split("e")
    power = "10" + str(int(exponent)).translate(_SUPERSCRIPT)
    return power if float(size) == 1 else f"{float(size):g}·{power}"
