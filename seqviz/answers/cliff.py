"""The error surface of one unit, and gradient descent on it."""

from seqviz.records import ErrorSurface, GradientDescent
from seqviz.subjects.cliff import UnitDescent, UnitSurface
from seqviz.tracing.cliff import error_surface, gradient_descent


def answer_cliff_surface(subject: UnitSurface) -> ErrorSurface:
    """Return the error and its gradient on a grid over the unit's window."""
    return error_surface(subject)


def answer_cliff_descent(subject: UnitDescent) -> GradientDescent:
    """Return both descents from the subject's start: as it is, and with the gradient's norm clipped."""
    return gradient_descent(subject)
